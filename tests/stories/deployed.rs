//! The roles as the templates create them. Every story runs under them, unless it says otherwise.

use std::collections::BTreeMap;

use crate::template::Template;
use crate::world::{ADMINISTRATOR, BUCKET, FUNCTION, VIRGINIA};

pub const FUNCTION_ROLE: &str = "arn:aws:iam::123456789012:role/GuardDutyOnboardingFunction";

/// The topic of a stack with `NotifyEmail`, and the key that encrypts it.
pub const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:guardduty-onboarding-NotifyTopic-1";
pub const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// The stack, with these settings of the function and parameters of its own.
pub fn stack(settings: &BTreeMap<&'static str, String>) -> Template {
    let name = "guardduty-onboarding";
    let stack = Template::new("template.yaml", ADMINISTRATOR)
        // Without a reader role the administrator account has to be the management account.
        .with("ManagementAccountId", ADMINISTRATOR)
        .with("MemberRoleExternalId", "none")
        .with("FunctionRole.Arn", FUNCTION_ROLE)
        .with("Bucket.Arn", &format!("arn:aws:s3:::{BUCKET}"))
        .with("Queue", &format!("https://sqs.{VIRGINIA}.amazonaws.com/{ADMINISTRATOR}/{name}"))
        .with("Queue.Arn", &format!("arn:aws:sqs:{VIRGINIA}:{ADMINISTRATOR}:{name}"))
        .with("NotifyTopic", TOPIC)
        .with("AlarmKey.Arn", KEY);
    settings.iter().fold(stack, |stack, (setting, value)| match stack.parameter_of(setting).map(ToOwned::to_owned) {
        Some(parameter) => stack.with(&parameter, value),
        None => stack,
    })
}

/// The role in every member account.
pub fn member_role(settings: &BTreeMap<&'static str, String>) -> Template {
    let role =
        Template::new("templates/member-role.yaml", "${aws:PrincipalAccount}").with("FunctionRoleArn", FUNCTION_ROLE);
    // Who has detectors deleted deploys the role for it, unless a story says otherwise.
    let deletes = settings.get("AllowDeleteDetector").or_else(|| settings.get("DELETE_DETECTORS"));
    role.with("ExternalId", settings.get("MEMBER_ROLE_EXTERNAL_ID").map_or("none", String::as_str))
        .with("AllowDeleteDetector", deletes.map_or("false", String::as_str))
}

/// The role in the management account.
pub fn reader_role() -> Template {
    Template::new("templates/organization-events.yaml", "${aws:PrincipalAccount}")
        .with("FunctionRoleArn", FUNCTION_ROLE)
}

/// Creates the roles and the bucket's policy, as the templates have them.
pub fn roles(sim: &aws_sim::World, settings: &BTreeMap<&'static str, String>) {
    let stack = stack(settings);
    sim.topic(TOPIC, Some(KEY));
    sim.keys_are_of(FUNCTION_ROLE);
    sim.role_is_of_function(FUNCTION_ROLE, FUNCTION);
    sim.role(FUNCTION_ROLE, None, &stack.policies("FunctionRole"));
    sim.bucket_policy(BUCKET, &stack.bucket_policy("BucketPolicy"));
    let member = member_role(settings);
    let arn = format!("arn:aws:iam::*:role/{}", settings["MEMBER_ROLE_NAME"]);
    sim.role(&arn, Some(&member.trust("MemberRole")), &member.policies("MemberRole"));
    if let Some(arn) = settings.get("ORGANIZATION_ROLE_ARN") {
        let reader = reader_role();
        sim.role(arn, Some(&reader.trust("ReaderRole")), &reader.policies("ReaderRole"));
    }
}
