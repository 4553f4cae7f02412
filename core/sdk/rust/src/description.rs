//! The table that describes a provider.

use crate::sys;

/// How the broker reads and checks a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    String = sys::RCB_SETTING_STRING as isize,
    Integer = sys::RCB_SETTING_INTEGER as isize,
    Boolean = sys::RCB_SETTING_BOOLEAN as isize,
    Duration = sys::RCB_SETTING_DURATION as isize,
    File = sys::RCB_SETTING_FILE as isize,
    /// Absolute, https; its host may be contacted.
    Url = sys::RCB_SETTING_URL as isize,
    /// Host or host:port, which may be contacted.
    Host = sys::RCB_SETTING_HOST as isize,
    /// One of `choices`.
    Choice = sys::RCB_SETTING_CHOICE as isize,
    /// Names and strings; read it with `Request::map()`.
    Map = sys::RCB_SETTING_MAP as isize,
}

/// One entry of the table. The broker checks the operator's file against it, fills in defaults, and generates the schema and the documentation.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// lowerCamelCase.
    pub name: &'static str,
    pub kind: Type,
    pub required: bool,
    /// A service account annotation may set it, if the operator's file allows that.
    pub annotatable: bool,
    pub list: bool,
    /// Its value is never shown.
    pub secret: bool,
    /// As it would be written in the file; empty if there is none.
    pub default_value: &'static str,
    /// A regular expression for the whole value; empty: any. Not for choices.
    pub pattern: &'static str,
    /// One sentence for the operator.
    pub summary: &'static str,
    /// Of `Type::Choice`.
    pub choices: &'static [&'static str],
}

impl Setting {
    /// For `..Setting::DEFAULT`: an optional string.
    pub const DEFAULT: Setting = Setting {
        name: "",
        kind: Type::String,
        required: false,
        annotatable: false,
        list: false,
        secret: false,
        default_value: "",
        pattern: "",
        summary: "",
        choices: &[],
    };
}

/// What settings mean to each other. Each has the names of at least two settings. A setting is present if the file or an annotation gives it a
/// value; a default does not count.
#[derive(Clone, Copy, Debug)]
pub enum Relation {
    /// If the first is present, so are all others.
    Needs(&'static [&'static str]),
    /// At most one is present.
    Excludes(&'static [&'static str]),
    /// Exactly one is present.
    OneOf(&'static [&'static str]),
}

#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// The file is NAME.so.
    pub name: &'static str,
    pub version: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Refuses rules with `identity: none`.
    pub needs_token: bool,
    /// The password is the pod's own token.
    pub returns_token: bool,
    /// May send requests to the image's registry.
    pub contacts_registry: bool,
    pub settings: &'static [Setting],
    pub relations: &'static [Relation],
    /// Where requests may go besides the hosts of settings: "sts.*.amazonaws.com".
    pub hosts: &'static [&'static str],
}

impl Description {
    /// For `..Description::DEFAULT`.
    pub const DEFAULT: Description = Description {
        name: "",
        version: "",
        summary: "",
        needs_token: false,
        returns_token: false,
        contacts_registry: false,
        settings: &[],
        relations: &[],
        hosts: &[],
    };
}
