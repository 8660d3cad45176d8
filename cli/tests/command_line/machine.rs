//! A machine of somebody who runs `gdo`: a home folder, lists, and a simulated AWS.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::SystemTime;

use aws_sim::World;
use tokio::net::TcpListener;

pub const ALICE: &str = "111122223333";
pub const BOB: &str = "444455556666";
pub const VIRGINIA: &str = "us-east-1";
/// Alice and Bob.
pub const TWO: &str = "111122223333,alice@example.com\n444455556666,bob@example.com\n";
/// One good row and a bad one.
pub const REJECTED: &str = "111122223333,alice@example.com\n12345,bob@example.com\n";

static MACHINES: AtomicU32 = AtomicU32::new(0);

pub struct Machine {
    pub world: World,
    pub home: PathBuf,
    endpoint: String,
}

impl Machine {
    pub fn new() -> Self {
        let world = World::new(SystemTime::now);
        let (tell, told) = std::sync::mpsc::channel();
        let served = world.clone();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let door = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                tell.send(door.local_addr().expect("an address")).expect("somebody waits for it");
                aws_sim::serve(served, door).await
            })
        });
        let endpoint = format!("http://{}", told.recv().expect("the simulator listens"));
        let number = MACHINES.fetch_add(1, Ordering::Relaxed);
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("gdo-{}-{number}", std::process::id()));
        fs::create_dir_all(home.join(".aws")).expect("a folder below target");
        Self { world, home, endpoint }
    }

    /// Writes a file into the home folder, and returns its name.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.home.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder below target");
        fs::write(&path, text).expect("a file below target");
        path.display().to_string()
    }

    /// `gdo` with these words, in an environment of its own, with an administrator's keys.
    pub fn gdo(&self, words: &[&str]) -> Command {
        let mut gdo = self.gdo_without_keys(words);
        gdo.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env("AWS_SECRET_ACCESS_KEY", "secret");
        gdo.env("AWS_REGION", VIRGINIA);
        gdo
    }

    pub fn gdo_without_keys(&self, words: &[&str]) -> Command {
        let mut gdo = Command::new(env!("CARGO_BIN_EXE_gdo"));
        gdo.env_clear().env("HOME", &self.home).env("AWS_EC2_METADATA_DISABLED", "true");
        gdo.env("AWS_ENDPOINT_URL", &self.endpoint).env("PATH", "/usr/bin:/bin").current_dir(&self.home).args(words);
        gdo
    }

    /// What came of `gdo` with these words: exit status, standard output, standard error.
    pub fn run(&self, words: &[&str]) -> (i32, String, String) {
        ended(self.gdo(words).output().expect("gdo starts"))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.home);
    }
}

pub fn ended(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}
