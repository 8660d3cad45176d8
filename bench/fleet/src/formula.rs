//! How many calls a run needs, when no answer is late and no verification has to be waited for.

use crate::flags::Run;
use crate::fleet::{Change, Drifted, Fleet};

/// Accounts in one batch.
const BATCH: u8 = 50;

/// The calls that a run cannot do without.
#[derive(Debug, Clone, Copy)]
pub struct Formula {
    /// With members' credentials, in all Regions.
    pub members: u64,
    /// AssumeRole: one for each account that is called into.
    pub assume_role: u64,
    /// With the administrator's credentials, in each Region.
    pub administrator: u64,
    /// Those of them until each account has been looked at.
    pub looks: u64,
    /// Of the run as a whole: lists, whether one is still current, and three files of a report.
    pub run: u64,
    /// The longest chain of calls of which each needs the one before.
    pub chain: u64,
    /// Those of the chain after the last look that finds an account.
    pub afterwards: u64,
    /// Whether somebody is invited, so that an e-mail has to be verified.
    pub verification: bool,
    regions: u64,
}

impl Formula {
    pub fn of(fleet: &Fleet, run: Run) -> Self {
        let (accounts, regions) = (u64::from(fleet.accounts), u64::from(fleet.regions));
        let batches = u64::from(fleet.accounts.div_ceil(BATCH.into()));
        // ListDetectors, and GetDetector or CreateDetector; then each batch is looked at.
        let looks = 2 + batches;
        match run {
            // In the member CreateDetector, ListInvitations, AcceptAdministratorInvitation; for a batch CreateMembers,
            // InviteMembers and two more looks. The chain: GetObject, ListDetectors, CreateDetector, GetMembers,
            // AssumeRole, CreateDetector, CreateMembers, InviteMembers, GetMembers, ListInvitations,
            // AcceptAdministratorInvitation, GetMembers, HeadObject, PutObject.
            Run::First => Self {
                members: 3 * accounts * regions,
                assume_role: accounts,
                administrator: looks + 4 * batches,
                looks,
                run: 5,
                chain: 14,
                afterwards: 10,
                verification: true,
                regions,
            },
            // The chain: GetObject, ListDetectors, GetDetector, GetMembers, HeadObject, PutObject.
            Run::Unchanged => Self {
                members: 0,
                assume_role: 0,
                administrator: looks,
                looks,
                run: 5,
                chain: 6,
                afterwards: 2,
                verification: false,
                regions,
            },
            // Each page of ListMembers names the next one, so that all of them are in the chain: ListObjectsV2, GetObject,
            // ListDetectors, GetDetector, the pages, PutObject. Of the run as a whole three prefixes are listed, one list is
            // read and three files are written. Removed and disabled members are on the pages, too.
            Run::Report => Self {
                members: 0,
                assume_role: 0,
                administrator: looks,
                looks,
                run: 7,
                chain: 5 + batches,
                afterwards: 1,
                verification: false,
                regions,
            },
            // For a batch DisassociateMembers, DeleteMembers and two more looks; once more whether the list is current. The
            // chain: GetObject, ListDetectors, GetDetector, GetMembers, HeadObject, DisassociateMembers, GetMembers,
            // DeleteMembers, GetMembers, HeadObject, PutObject.
            Run::Removal => Self {
                members: 0,
                assume_role: 0,
                administrator: looks + 4 * batches,
                looks,
                run: 6,
                chain: 11,
                afterwards: 7,
                verification: false,
                regions,
            },
            // In the member CreateDetector, which is refused, ListDetectors, GetAdministratorAccount, GetDetector; where it was
            // removed also ListInvitations and AcceptAdministratorInvitation, where it is disabled UpdateDetector. The chain:
            // that of an unchanged run, and between GetMembers and HeadObject AssumeRole, the six of a removed member,
            // InviteMembers and two looks.
            Run::Drifted => {
                let drifted = fleet.drifting();
                let removed = drifted.iter().filter(|one| one.change == Change::Removed).count() as u64;
                let drifting = drifted.len() as u64;
                let disabled = drifting - removed;
                Self {
                    members: (4 * drifting + 2 * removed + disabled) * regions,
                    // Where a detector is off, a second session switches it on.
                    assume_role: drifting + disabled,
                    administrator: looks + mending(&drifted),
                    looks,
                    run: 5,
                    chain: 16,
                    afterwards: 12,
                    verification: true,
                    regions,
                }
            }
        }
    }

    pub fn all(&self) -> u64 {
        self.members + self.assume_role + self.administrator * self.regions + self.run
    }
}

/// The batch calls that mend what has drifted, in one Region: InviteMembers and two looks for a batch in which somebody was
/// removed, StartMonitoringMembers for one in which somebody is disabled, and a look if that is all.
fn mending(drifted: &[Drifted]) -> u64 {
    let calls = |batch: &[Drifted]| {
        let any = |change| batch.iter().any(|one| one.change == change);
        match (any(Change::Removed), any(Change::Disabled)) {
            (true, true) => 4,
            (true, false) => 3,
            (false, true) => 2,
            (false, false) => 0,
        }
    };
    drifted.chunks(BATCH.into()).map(calls).sum()
}
