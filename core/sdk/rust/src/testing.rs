//! A scripted host: runs a provider against a script instead of a registry, without the program, without root and without a network. It is the C
//! library of `<rcb/testing.h>`, which documents each function; the host is the program's own.
//!
//! ```no_run
//! # fn entry() -> rcb::sys::rcb_provider_entry { unimplemented!() }
//! let mut call = rcb::testing::ScriptedCall::new(entry()); // of a module: rcb_provider_entry_v1
//! call.setting("url", "https://login.example.com/token");
//! call.answer(200, r#"{"token": "abc"}"#);
//! assert_eq!(call.provide().unwrap().password, "abc");
//! assert_eq!(call.request(0).url(), "https://login.example.com/token");
//! ```

use crate::failure::{Failure, Status};
use crate::sys::{rcb_provider_entry, rcb_status, rcb_text, RCB_OK};
use crate::text::{bytes, raw};
use crate::{Expiry, Scope};
use std::time::Duration;

/// Why a request gets no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// No connection.
    Unreachable = 0,
    /// The certificate is not trusted.
    Untrusted = 1,
    /// The connection broke after the request was sent.
    Broken = 2,
}

/// What the provider emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emitted {
    pub username: String,
    pub password: String,
    /// What the host has made of it: that of a JWT has been read.
    pub expiry: Expiry,
    pub scope: Scope,
}

/// Why the call failed, and the line that the operator would see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    pub status: Status,
    pub line: String,
}

/// One provider, what a call of it is given, and what it did.
pub struct ScriptedCall {
    raw: *mut rcb_test,
}

impl ScriptedCall {
    pub fn new(entry: rcb_provider_entry) -> ScriptedCall {
        ScriptedCall { raw: unsafe { rcb_test_new(entry) } }
    }

    /// A setting as the operator's file has it. Several of one name make a list; an entry of a map is named SETTING.KEY.
    pub fn setting(&mut self, name: &str, value: &str) -> &mut ScriptedCall {
        unsafe { rcb_test_setting(self.raw, raw(name), raw(value)) };
        self
    }
    pub fn image(&mut self, image: &str) -> &mut ScriptedCall {
        unsafe { rcb_test_image(self.raw, raw(image)) };
        self
    }
    /// Empty: `identity: none`.
    pub fn token(&mut self, token: &str) -> &mut ScriptedCall {
        unsafe { rcb_test_token(self.raw, raw(token)) };
        self
    }
    pub fn file(&mut self, path: &str, content: impl AsRef<[u8]>) -> &mut ScriptedCall {
        unsafe { rcb_test_file(self.raw, raw(path), raw(&content)) };
        self
    }
    /// Unix time in seconds at the begin of the call.
    pub fn time(&mut self, seconds: i64) -> &mut ScriptedCall {
        unsafe { rcb_test_time(self.raw, seconds) };
        self
    }
    pub fn deadline(&mut self, limit: Duration) -> &mut ScriptedCall {
        unsafe { rcb_test_deadline(self.raw, limit.as_millis() as i64) };
        self
    }

    /// The next request is answered with this.
    pub fn answer(&mut self, status: i32, body: impl AsRef<[u8]>) -> &mut ScriptedCall {
        unsafe { rcb_test_answer(self.raw, status, raw(&body)) };
        self
    }
    /// A header of the last answer.
    pub fn answer_header(&mut self, name: &str, value: &str) -> &mut ScriptedCall {
        unsafe { rcb_test_answer_header(self.raw, raw(name), raw(value)) };
        self
    }
    /// How long the last answer or failure takes.
    pub fn answer_takes(&mut self, time: Duration) -> &mut ScriptedCall {
        unsafe { rcb_test_answer_takes(self.raw, time.as_millis() as i64) };
        self
    }
    pub fn no_answer(&mut self, why: NoAnswer) -> &mut ScriptedCall {
        unsafe { rcb_test_no_answer(self.raw, why as i32) };
        self
    }

    pub fn provide(&mut self) -> Result<Emitted, Failed> {
        self.judge(unsafe { rcb_test_provide(self.raw) })?;
        Ok(unsafe {
            Emitted {
                username: owned(rcb_test_username(self.raw)),
                password: owned(rcb_test_password(self.raw)),
                expiry: match rcb_test_expires_at(self.raw) {
                    crate::sys::RCB_EXPIRES_UNKNOWN => Expiry::Unknown,
                    crate::sys::RCB_EXPIRES_NEVER => Expiry::Never,
                    seconds => Expiry::At(seconds),
                },
                scope: if rcb_test_scope(self.raw) == crate::sys::RCB_SCOPE_IMAGE { Scope::Image } else { Scope::Registry },
            }
        })
    }
    /// `check()` alone.
    pub fn check(&mut self) -> Result<(), Failed> {
        self.judge(unsafe { rcb_test_check(self.raw) })
    }

    pub fn request_count(&self) -> usize {
        unsafe { rcb_test_request_count(self.raw) }
    }
    /// A request that the provider sent, from 0. One that it did not send has empty strings.
    pub fn request(&self, index: usize) -> Sent<'_> {
        Sent { call: self, index }
    }
    /// The lines that the provider logged, from debug on, as the operator would see them.
    pub fn log(&self) -> Vec<String> {
        unsafe { (0..rcb_test_log_count(self.raw)).map(|index| owned(rcb_test_log_line(self.raw, index))).collect() }
    }
    /// A JWT with these claims (a JSON object), as a registry may answer one.
    pub fn jwt(&mut self, claims: &str) -> String {
        owned(unsafe { rcb_test_jwt(self.raw, raw(claims)) })
    }

    fn judge(&self, status: rcb_status) -> Result<(), Failed> {
        if status == RCB_OK {
            return Ok(());
        }
        Err(Failed { status: Failure::of_service(status).status(), line: owned(unsafe { rcb_test_error(self.raw) }) })
    }
}

impl Drop for ScriptedCall {
    fn drop(&mut self) {
        unsafe { rcb_test_free(self.raw) }
    }
}

/// A request that the provider sent.
pub struct Sent<'t> {
    call: &'t ScriptedCall,
    index: usize,
}

impl Sent<'_> {
    pub fn method(&self) -> String {
        owned(unsafe { rcb_test_request_method(self.call.raw, self.index) })
    }
    pub fn url(&self) -> String {
        owned(unsafe { rcb_test_request_url(self.call.raw, self.index) })
    }
    /// The first of this name, in any case; also Content-Type. Empty if there is none.
    pub fn header(&self, name: &str) -> String {
        owned(unsafe { rcb_test_request_header(self.call.raw, self.index, raw(name)) })
    }
    pub fn body(&self) -> String {
        owned(unsafe { rcb_test_request_body(self.call.raw, self.index) })
    }
    /// `sys::RCB_HTTP_ANY_STATUS | …`
    pub fn flags(&self) -> u32 {
        unsafe { rcb_test_request_flags(self.call.raw, self.index) }
    }
    /// The time that it had.
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(unsafe { rcb_test_request_timeout(self.call.raw, self.index) }.max(0) as u64)
    }
}

fn owned(text: rcb_text) -> String {
    String::from_utf8_lossy(unsafe { bytes(text) }).into_owned()
}

#[repr(C)]
#[allow(non_camel_case_types)]
struct rcb_test {
    _opaque: [u8; 0],
}

#[link(name = "rcb-testing")]
extern "C" {
    fn rcb_test_new(entry: rcb_provider_entry) -> *mut rcb_test;
    fn rcb_test_free(test: *mut rcb_test);
    fn rcb_test_setting(test: *mut rcb_test, name: rcb_text, value: rcb_text);
    fn rcb_test_image(test: *mut rcb_test, image: rcb_text);
    fn rcb_test_token(test: *mut rcb_test, token: rcb_text);
    fn rcb_test_file(test: *mut rcb_test, path: rcb_text, content: rcb_text);
    fn rcb_test_time(test: *mut rcb_test, seconds: i64);
    fn rcb_test_deadline(test: *mut rcb_test, milliseconds: i64);
    fn rcb_test_answer(test: *mut rcb_test, status: i32, body: rcb_text);
    fn rcb_test_answer_header(test: *mut rcb_test, name: rcb_text, value: rcb_text);
    fn rcb_test_answer_takes(test: *mut rcb_test, milliseconds: i64);
    fn rcb_test_no_answer(test: *mut rcb_test, failure: i32);
    fn rcb_test_provide(test: *mut rcb_test) -> rcb_status;
    fn rcb_test_check(test: *mut rcb_test) -> rcb_status;
    fn rcb_test_error(test: *const rcb_test) -> rcb_text;
    fn rcb_test_username(test: *const rcb_test) -> rcb_text;
    fn rcb_test_password(test: *const rcb_test) -> rcb_text;
    fn rcb_test_expires_at(test: *const rcb_test) -> i64;
    fn rcb_test_scope(test: *const rcb_test) -> u32;
    fn rcb_test_request_count(test: *const rcb_test) -> usize;
    fn rcb_test_request_method(test: *const rcb_test, index: usize) -> rcb_text;
    fn rcb_test_request_url(test: *const rcb_test, index: usize) -> rcb_text;
    fn rcb_test_request_header(test: *const rcb_test, index: usize, name: rcb_text) -> rcb_text;
    fn rcb_test_request_body(test: *const rcb_test, index: usize) -> rcb_text;
    fn rcb_test_request_flags(test: *const rcb_test, index: usize) -> u32;
    fn rcb_test_request_timeout(test: *const rcb_test, index: usize) -> i64;
    fn rcb_test_log_count(test: *const rcb_test) -> usize;
    fn rcb_test_log_line(test: *const rcb_test, index: usize) -> rcb_text;
    fn rcb_test_jwt(test: *mut rcb_test, claims: rcb_text) -> rcb_text;
}
