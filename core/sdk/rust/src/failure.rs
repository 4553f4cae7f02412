//! Why a call failed.

use crate::sys;
use std::borrow::Cow;

/// Decides the program's exit status and whether an operator must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The server or a rule refused the request: an unchanged retry will not help.
    Refused = sys::RCB_REFUSED as isize,
    /// Unreachable, overloaded, or deadline exceeded: a later pull may succeed.
    Unavailable = sys::RCB_UNAVAILABLE as isize,
    /// The server answered, but its answer violates the protocol.
    BadAnswer = sys::RCB_BAD_ANSWER as isize,
    /// The operator's settings or files are invalid.
    BadSettings = sys::RCB_BAD_SETTINGS as isize,
    /// The credential that the operator configured has expired.
    Expired = sys::RCB_EXPIRED as isize,
    /// A bug in the module.
    Internal = sys::RCB_INTERNAL as isize,
}

/// Ends a call without a credential. Both strings are public (the kubelet logs them): never put a token, password or answer into them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    status: Status,
    reason: Cow<'static, str>,
    advice: Cow<'static, str>,
}

impl Failure {
    /// `reason`: why it failed, in lower case without a full stop.
    pub fn new(status: Status, reason: impl Into<Cow<'static, str>>) -> Failure {
        Failure { status, reason: reason.into(), advice: Cow::Borrowed("") }
    }

    /// What the operator can do.
    pub fn advise(mut self, advice: impl Into<Cow<'static, str>>) -> Failure {
        self.advice = advice.into();
        self
    }

    pub fn status(&self) -> Status {
        self.status
    }
    /// Empty if a service failed; the host knows the reason.
    pub fn reason(&self) -> &str {
        &self.reason
    }
    pub fn advice(&self) -> &str {
        &self.advice
    }

    /// Of a service that failed.
    pub(crate) fn of_service(status: sys::rcb_status) -> Failure {
        let status = match status {
            sys::RCB_REFUSED => Status::Refused,
            sys::RCB_UNAVAILABLE => Status::Unavailable,
            sys::RCB_BAD_ANSWER => Status::BadAnswer,
            sys::RCB_BAD_SETTINGS => Status::BadSettings,
            sys::RCB_EXPIRED => Status::Expired,
            _ => Status::Internal,
        };
        Failure::new(status, "")
    }
}
