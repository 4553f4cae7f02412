//! Exchanges the pod's token for an access token, and asks a second service for a password with it. That request is signed with a key.

use rcb::{Body, Credential, Description, Encoding, Expiry, Failure, Host, Provider, Repeat, Request, Secret, Setting, Status, Type};

#[cfg(test)]
mod tests;

struct Example;

impl Provider for Example {
    const DESCRIPTION: Description = Description {
        name: "example-rust",
        version: "1.0.0",
        summary: "Exchanges the pod's token for a password in two steps.",
        needs_token: true,
        settings: &[
            Setting { name: "url", kind: Type::Url, required: true, summary: "The URL of the token exchange endpoint.", ..Setting::DEFAULT },
            Setting { name: "passwordUrl", kind: Type::Url, required: true, summary: "The URL that answers the password.", ..Setting::DEFAULT },
            Setting { name: "keyFile", kind: Type::File, required: true, summary: "The key that requests are signed with.", ..Setting::DEFAULT },
            Setting {
                name: "role",
                annotatable: true,
                default_value: "pull",
                pattern: "[a-z0-9-]{1,40}",
                summary: "The role to request.",
                ..Setting::DEFAULT
            },
        ],
        ..Description::DEFAULT
    };

    fn check(request: &Request, host: &Host) -> Result<(), Failure> {
        key(request, host).map(|_| ())
    }

    fn provide(request: &Request, host: &Host) -> Result<(), Failure> {
        let form = [("token", request.token()), ("role", request.setting("role"))];
        let granted = host.post(request.setting("url"), Body::Form(&form), &[], Repeat::Harmless)?;
        let access = host.json_text(granted, "/access_token")?.ok_or_else(|| bad_answer("the answer has no access_token"))?;

        let bearer = Secret::concat(&["Bearer ", access]);
        let signature = host.encode(Encoding::Hex, host.hmac_sha256(key(request, host)?, access)?)?;
        let answer = host.get(request.setting("passwordUrl"), &[("Authorization", &bearer), ("X-Signature", signature)])?;
        let username = host.json_text(answer, "/username")?.ok_or_else(|| bad_answer("the answer has no username"))?;
        let password = host.json_text(answer, "/password")?.ok_or_else(|| bad_answer("the answer has no password"))?;
        let lifetime = host.json_integer(answer, "/expires_in")?.ok_or_else(|| bad_answer("the answer has no expires_in"))?;
        host.emit(&Credential { username, password, expiry: Expiry::After(lifetime), ..Credential::DEFAULT })
    }
}

/// The key that requests are signed with.
fn key<'a>(request: &Request, host: &Host<'a>) -> Result<&'a [u8], Failure> {
    let key = host.read_value(request.setting("keyFile"))?;
    if key.is_empty() {
        return Err(Failure::new(Status::BadSettings, "the key file is empty"));
    }
    Ok(key)
}

fn bad_answer(reason: &'static str) -> Failure {
    Failure::new(Status::BadAnswer, reason)
}

rcb::export_provider!(Example);
