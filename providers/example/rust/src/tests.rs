//! The module against a script. No test needs a network, root or the program.

use super::rcb_provider_entry_v1;
use rcb::testing::ScriptedCall;
use rcb::{Expiry, Status};

const TIME: i64 = 1_800_000_000;
const PASSWORD: &str = r#"{"username": "robot", "password": "secret", "expires_in": 3600}"#;

fn example() -> ScriptedCall {
    let mut call = ScriptedCall::new(rcb_provider_entry_v1);
    call.time(TIME).file("/etc/example.key", "key\n");
    call.setting("url", "https://login.example.com/token");
    call.setting("passwordUrl", "https://registry.example.com/password");
    call.setting("keyFile", "/etc/example.key");
    call
}

#[test]
fn exchanges_the_token_for_a_password() {
    let mut call = example();
    let token = call.jwt(r#"{"exp": 1800000600, "sub": "system:serviceaccount:team-a:puller"}"#);
    let emitted = call.token(&token).answer(200, r#"{"access_token": "access"}"#).answer(200, PASSWORD).provide().unwrap();
    assert_eq!((&*emitted.username, &*emitted.password, emitted.expiry), ("robot", "secret", Expiry::At(TIME + 3600)));

    assert_eq!(call.request_count(), 2);
    assert_eq!(call.request(0).method(), "POST");
    assert_eq!(call.request(0).url(), "https://login.example.com/token");
    assert_eq!(call.request(0).body(), format!("token={}&role=pull", token));
    assert_eq!(call.request(1).method(), "GET");
    assert_eq!(call.request(1).url(), "https://registry.example.com/password");
    assert_eq!(call.request(1).header("Authorization"), "Bearer access");
    assert_eq!(call.request(1).header("X-Signature"), "9ed9c8629f1ed914af84694d652cab91a02523a3a3daf831277860dc3d9936ab");
}

#[test]
fn stops_if_the_exchange_is_denied() {
    let mut call = example();
    let failed = call.answer(403, r#"{"error": "no such role"}"#).provide().unwrap_err();
    assert_eq!(failed.status, Status::Refused);
    assert!(failed.line.contains("no such role"), "{}", failed.line);
    assert_eq!(call.request_count(), 1);
}

#[test]
fn refuses_an_answer_without_a_token() {
    let failed = example().answer(200, "{}").provide().unwrap_err();
    assert_eq!(failed.status, Status::BadAnswer);
    assert!(failed.line.contains("the answer has no access_token"), "{}", failed.line);
}

#[test]
fn refuses_a_token_that_is_a_number() {
    let failed = example().answer(200, r#"{"access_token": 17}"#).provide().unwrap_err();
    assert_eq!(failed.status, Status::BadAnswer);
    assert!(failed.line.contains("the answer has no access_token"), "{}", failed.line);
}

#[test]
fn says_that_a_throttled_request_may_succeed_later() {
    let failed = example().answer(200, r#"{"access_token": "access"}"#).answer(429, "").provide().unwrap_err();
    assert_eq!(failed.status, Status::Unavailable);
}

#[test]
fn refuses_an_empty_key_file_before_any_request() {
    let failed = example().file("/etc/example.key", "\n").check().unwrap_err();
    assert_eq!(failed.status, Status::BadSettings);
    assert!(failed.line.contains("the key file is empty"), "{}", failed.line);
}
