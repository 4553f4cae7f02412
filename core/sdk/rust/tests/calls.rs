//! What the wrapper makes of calls. Run with `cargo test --features testing`.
#![cfg(feature = "testing")]

use rcb::testing::{NoAnswer, ScriptedCall};
use rcb::*;
use std::time::Duration;

const NOW: i64 = 1_800_000_000;

/// Does what its setting `do` names.
struct Subject;

impl Provider for Subject {
    const DESCRIPTION: Description = Description {
        name: "subject",
        version: "1.0.0",
        summary: "Does what it is told.",
        settings: &[
            Setting { name: "do", summary: "What to do.", ..Setting::DEFAULT },
            Setting { name: "url", kind: Type::Url, default_value: "https://a.example.com/", summary: "Where.", ..Setting::DEFAULT },
            Setting { name: "names", list: true, summary: "A list.", ..Setting::DEFAULT },
            Setting { name: "labels", kind: Type::Map, summary: "A map.", ..Setting::DEFAULT },
            Setting { name: "wait", kind: Type::Duration, default_value: "5m", summary: "A duration.", ..Setting::DEFAULT },
            Setting { name: "size", kind: Type::Integer, default_value: "-3", summary: "A number.", ..Setting::DEFAULT },
            Setting { name: "on", kind: Type::Boolean, default_value: "true", summary: "A switch.", ..Setting::DEFAULT },
            Setting { name: "color", kind: Type::Choice, choices: &["red", "blue"], summary: "A choice.", ..Setting::DEFAULT },
        ],
        relations: &[Relation::Excludes(&["names", "color"])],
        hosts: &["sts.*.example.org"],
        ..Description::DEFAULT
    };

    fn provide(request: &Request, host: &Host) -> Result<(), Failure> {
        match request.setting("do") {
            "panic" => panic!("the number is {}", 17),
            "typo" => drop(request.setting("typo")),
            "map as string" => drop(request.setting("labels")),
            "string as map" => drop(request.map("do")),
            "fail" => return Err(Failure::new(Status::Expired, "the key has expired").advise("make a new one")),
            "settings" => {
                assert_eq!(request.list("names"), ["one", "two"]);
                assert_eq!(request.map("labels"), [("team", "a"), ("tier", "b")]);
                assert_eq!(request.duration("wait"), Some(Duration::from_secs(300)));
                assert_eq!((request.integer("size"), request.flag("on"), request.setting("color")), (Some(-3), true, ""));
            }
            "values" => values(host)?,
            "any status" => {
                let options = Options { any_status: true, timeout: Some(Duration::from_secs(2)), ..Options::DEFAULT };
                let answer = host.send(Method::Head, "https://sts.eu.example.org/", Body::None, &options)?;
                assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some(&b"Bearer"[..])));
            }
            "raw" => {
                let body = Body::Raw { content_type: "application/xml", content: b"<a/>" };
                host.post(request.setting("url"), body, &[], Repeat::Never)?;
            }
            _ => drop(host.get(request.setting("url"), &[])?),
        }
        host.emit(&Credential { username: "u", password: "p", expiry: Expiry::After(i64::MAX), scope: Scope::Image })
    }
}

rcb::export_provider!(Subject);

fn values(host: &Host) -> Result<(), Failure> {
    assert_eq!(host.decode(Encoding::Base64, "AP8=")?, Some(&[0, 255][..]));
    assert_eq!(host.decode(Encoding::Hex, "xyz")?, None);
    assert_eq!(host.encode(Encoding::Json, "\"")?, r#""\"""#);
    assert_eq!(host.sha256("")?.len(), 32);
    assert_eq!(host.parse_time("1970-01-01T00:00:09Z")?, Some(9));
    assert_eq!(host.format_time(TimeFormat::Basic, 9)?, Some("19700101T000009Z"));
    let document = r#"{"a": [1, 2.5, null], "b": true}"#;
    assert_eq!(host.json_kind(document, "")?, Some(JsonKind::Object(2)));
    assert_eq!(host.json_kind(document, "/a/1")?, Some(JsonKind::Number));
    assert_eq!((host.json_boolean(document, "/b")?, host.json_integer(document, "/a/0")?), (Some(true), Some(1)));
    assert_eq!((host.json_number(document, "/a/1")?, host.json_number(document, "/a/2")?), (Some(2.5), None));
    assert_eq!((host.json_name(document, "", 1)?, host.json_name(document, "", 2)?), (Some("b"), None));
    assert_eq!(host.xml_text("<a><b>text</b></a>", "/a/b")?, Some("text"));
    assert!(host.time_left() <= Duration::from_secs(10));
    Ok(())
}

fn call(what: &str) -> ScriptedCall {
    let mut call = ScriptedCall::new(rcb_provider_entry_v1);
    call.setting("do", what);
    call
}

#[test]
fn a_panic_fails_the_call_and_only_the_debug_log_has_its_message() {
    let mut call = call("panic");
    let failed = call.provide().unwrap_err();
    assert_eq!(failed.status, Status::Internal);
    assert!(failed.line.contains("the provider panicked") && !failed.line.contains("17"), "{}", failed.line);
    assert!(call.log().iter().any(|line| line.contains("level=debug") && line.contains("the number is 17")), "{:?}", call.log());
}

#[test]
fn a_misused_setting_is_named() {
    for (what, part) in [
        ("typo", "a setting that its table does not define: typo"),
        ("map as string", "its setting labels, a map, as a single value"),
        ("string as map", "its setting do as a map, which it is not"),
    ] {
        let failed = call(what).provide().unwrap_err();
        assert!(failed.line.contains(part), "{}", failed.line);
    }
}

#[test]
fn a_failure_has_status_reason_and_advice() {
    let failed = call("fail").provide().unwrap_err();
    assert_eq!(failed.status, Status::Expired);
    assert!(failed.line.contains("the key has expired") && failed.line.ends_with("; make a new one"), "{}", failed.line);
}

#[test]
fn settings_arrive_in_their_types() {
    let mut call = call("settings");
    call.time(NOW).setting("names", "one").setting("names", "two").setting("labels.team", "a").setting("labels.tier", "b");
    assert_eq!(call.provide().map(|emitted| (emitted.expiry, emitted.scope)), Ok((Expiry::At(NOW + 366 * 24 * 60 * 60), Scope::Image)));
}

#[test]
fn relations_are_checked() {
    let mut call = call("settings");
    assert_eq!(call.setting("names", "one").setting("color", "red").check().unwrap_err().status, Status::BadSettings);
}

#[test]
fn every_value_comes_back() {
    assert_eq!(call("values").provide().map(|emitted| emitted.username), Ok("u".to_string()));
}

#[test]
fn an_answer_has_status_and_headers() {
    let mut call = call("any status");
    call.answer(401, "").answer_header("WWW-Authenticate", "Bearer").provide().unwrap();
    assert_eq!((call.request(0).method(), call.request(0).timeout()), ("HEAD".to_string(), Duration::from_secs(2)));
}

#[test]
fn a_body_may_have_any_type() {
    let mut call = call("raw");
    call.answer(200, "").provide().unwrap();
    assert_eq!((call.request(0).header("content-type"), call.request(0).body()), ("application/xml".to_string(), "<a/>".to_string()));
    assert_eq!(call.request(0).flags(), rcb::sys::RCB_HTTP_ONCE);
}

#[test]
fn a_request_without_an_answer_fails_the_call() {
    assert_eq!(call("").no_answer(NoAnswer::Unreachable).provide().unwrap_err().status, Status::Unavailable);
}
