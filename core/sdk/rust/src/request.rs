//! The requested credential.

use crate::description::{Description, Type};
use crate::failure::{Failure, Status};
use crate::sys::{rcb_field, rcb_request};
use crate::text::{slice, string};
use std::panic::resume_unwind;
use std::time::Duration;

/// What `provide()` and `check()` are called for. Its strings are borrowed from the host, for the duration of the call.
pub struct Request<'a> {
    raw: &'a rcb_request,
    description: Description,
}

impl<'a> Request<'a> {
    /// # Safety
    /// `raw` and what it points to must be valid for `'a`, and as the contract says.
    pub(crate) unsafe fn new(raw: &'a rcb_request, description: Description) -> Request<'a> {
        Request { raw, description }
    }

    /// As the kubelet names it, without tag or digest: "registry.example.com:5000/team/app".
    pub fn image(&self) -> &'a str {
        unsafe { string(self.raw.image) }
    }
    /// The image's host, with its port if it has one.
    pub fn registry(&self) -> &'a str {
        unsafe { string(self.raw.registry) }
    }
    /// The pod's service account token. Secret. Empty only if the rule has `identity: none`, and in `check()`.
    pub fn token(&self) -> &'a str {
        unsafe { string(self.raw.token) }
    }
    /// Unix time in seconds.
    pub fn token_expires_at(&self) -> Option<i64> {
        Some(self.raw.token_expires_at).filter(|at| *at != 0)
    }
    /// The namespace of the token's service account; empty without a token.
    pub fn namespace_name(&self) -> &'a str {
        unsafe { string(self.raw.namespace_name) }
    }
    /// The name of the token's service account; empty without a token.
    pub fn service_account(&self) -> &'a str {
        unsafe { string(self.raw.service_account) }
    }

    /// A setting, checked against the provider's table, with its default filled in; empty if it has no value. A name that is not in the table ends
    /// the call with a failure (`Status::Internal`), as does the wrong function for a map.
    pub fn setting(&self, name: &str) -> &'a str {
        self.list(name).first().copied().unwrap_or("")
    }
    /// All elements of a list.
    pub fn list(&self, name: &str) -> Vec<&'a str> {
        self.require(name, false);
        self.fields().filter(|(field, _)| *field == name).map(|(_, value)| value).collect()
    }
    /// The entries of a map, in the file's order.
    pub fn map(&self, name: &str) -> Vec<(&'a str, &'a str)> {
        self.require(name, true);
        self.fields().filter_map(|(field, value)| Some((field.strip_prefix(name)?.strip_prefix('.')?, value))).collect()
    }
    pub fn flag(&self, name: &str) -> bool {
        self.setting(name) == "true"
    }
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.setting(name).parse().ok()
    }
    pub fn duration(&self, name: &str) -> Option<Duration> {
        self.setting(name).parse().ok().map(Duration::from_millis)
    }

    fn fields(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields: &'a [rcb_field] = unsafe { slice(self.raw.settings, self.raw.setting_count) };
        fields.iter().map(|field| unsafe { (string(field.name), string(field.value)) })
    }

    /// A misspelt name would otherwise look like a setting without a value.
    fn require(&self, name: &str, as_map: bool) {
        let problem = match self.description.settings.iter().find(|setting| setting.name == name) {
            Some(setting) if (setting.kind == Type::Map) == as_map => return,
            Some(_) if as_map => format!("the provider reads its setting {} as a map, which it is not", name),
            Some(_) => format!("the provider reads its setting {}, a map, as a single value", name),
            None => format!("the provider reads a setting that its table does not define: {}", name),
        };
        resume_unwind(Box::new(Failure::new(Status::Internal, problem)));
    }
}
