//! The contract, `<rcb/provider_abi.h>`, as Rust sees it: the same names, in the same order. The header has the documentation.
//! `tests/layout.rs` compares sizes and offsets with the header.
#![allow(non_camel_case_types)]

use std::os::raw::{c_char, c_void};

pub const RCB_ABI_MINOR: u32 = 0;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rcb_text {
    pub data: *const c_char,
    pub size: usize,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rcb_field {
    pub name: rcb_text,
    pub value: rcb_text,
}

pub type rcb_status = i32;
pub const RCB_OK: rcb_status = 0;
pub const RCB_REFUSED: rcb_status = 1;
pub const RCB_UNAVAILABLE: rcb_status = 2;
pub const RCB_BAD_ANSWER: rcb_status = 3;
pub const RCB_BAD_SETTINGS: rcb_status = 4;
pub const RCB_EXPIRED: rcb_status = 5;
pub const RCB_INTERNAL: rcb_status = 6;
pub const RCB_ABSENT: rcb_status = 7;

#[repr(C)]
pub struct rcb_host_info {
    pub size: u32,
    pub abi_minor: u32,
    pub version: rcb_text,
}

pub const RCB_SETTING_STRING: u32 = 0;
pub const RCB_SETTING_INTEGER: u32 = 1;
pub const RCB_SETTING_BOOLEAN: u32 = 2;
pub const RCB_SETTING_DURATION: u32 = 3;
pub const RCB_SETTING_FILE: u32 = 4;
pub const RCB_SETTING_URL: u32 = 5;
pub const RCB_SETTING_HOST: u32 = 6;
pub const RCB_SETTING_CHOICE: u32 = 7;
pub const RCB_SETTING_MAP: u32 = 8;

pub const RCB_SETTING_REQUIRED: u32 = 1 << 0;
pub const RCB_SETTING_ANNOTATION: u32 = 1 << 1;
pub const RCB_SETTING_LIST: u32 = 1 << 2;
pub const RCB_SETTING_SECRET: u32 = 1 << 3;

#[repr(C)]
pub struct rcb_setting {
    pub size: u32,
    pub kind: u32, // `type` in C
    pub flags: u32,
    pub name: rcb_text,
    pub default_value: rcb_text,
    pub pattern: rcb_text,
    pub summary: rcb_text,
    pub choices: *const rcb_text,
    pub choice_count: usize,
}

pub const RCB_RELATION_NEEDS: u32 = 0;
pub const RCB_RELATION_EXCLUDES: u32 = 1;
pub const RCB_RELATION_ONE_OF: u32 = 2;

#[repr(C)]
pub struct rcb_relation {
    pub size: u32,
    pub kind: u32,
    pub names: *const rcb_text,
    pub name_count: usize,
}

#[repr(C)]
pub struct rcb_request {
    pub size: u32,
    pub image: rcb_text,
    pub registry: rcb_text,
    pub token: rcb_text,
    pub token_expires_at: i64,
    pub namespace_name: rcb_text,
    pub service_account: rcb_text,
    pub settings: *const rcb_field,
    pub setting_count: usize,
}

pub const RCB_BODY_NONE: u32 = 0;
pub const RCB_BODY_JSON: u32 = 1;
pub const RCB_BODY_FORM: u32 = 2;
pub const RCB_BODY_RAW: u32 = 3;

pub const RCB_HTTP_ANY_STATUS: u32 = 1 << 0;
pub const RCB_HTTP_ONCE: u32 = 1 << 1;
pub const RCB_HTTP_REPEATABLE: u32 = 1 << 16;

#[repr(C)]
pub struct rcb_http_request {
    pub size: u32,
    pub body: u32,
    pub method: rcb_text,
    pub url: rcb_text,
    pub headers: *const rcb_field,
    pub header_count: usize,
    pub fields: *const rcb_field,
    pub field_count: usize,
    pub content_type: rcb_text,
    pub content: rcb_text,
    pub flags: u32,
    pub timeout_ms: u32,
}

#[repr(C)]
pub struct rcb_http_response {
    pub size: u32,
    pub status: i32,
    pub body: rcb_text,
    pub headers: *const rcb_field,
    pub header_count: usize,
}

pub const RCB_EXPIRES_UNKNOWN: i64 = 0;
pub const RCB_EXPIRES_NEVER: i64 = i64::MAX;
pub const RCB_EXPIRES_FROM_JWT: i64 = -1;

pub const RCB_SCOPE_REGISTRY: u32 = 0;
pub const RCB_SCOPE_IMAGE: u32 = 1;

#[repr(C)]
pub struct rcb_credential {
    pub size: u32,
    pub username: rcb_text,
    pub password: rcb_text,
    pub expires_at: i64,
    pub scope: u32,
    pub reserved: u32,
}

pub const RCB_JSON_NULL: i32 = 0;
pub const RCB_JSON_BOOLEAN: i32 = 1;
pub const RCB_JSON_INTEGER: i32 = 2;
pub const RCB_JSON_NUMBER: i32 = 3;
pub const RCB_JSON_STRING: i32 = 4;
pub const RCB_JSON_ARRAY: i32 = 5;
pub const RCB_JSON_OBJECT: i32 = 6;

pub const RCB_ENCODING_BASE64: u32 = 0;
pub const RCB_ENCODING_BASE64URL: u32 = 1;
pub const RCB_ENCODING_HEX: u32 = 2;
pub const RCB_ENCODING_PERCENT: u32 = 3;
pub const RCB_ENCODING_JSON: u32 = 4;

pub const RCB_TIME_RFC3339: u32 = 0;
pub const RCB_TIME_HTTP: u32 = 1;
pub const RCB_TIME_BASIC: u32 = 2;

pub const RCB_LOG_DEBUG: i32 = 0;
pub const RCB_LOG_INFO: i32 = 1;
pub const RCB_LOG_WARN: i32 = 2;
pub const RCB_LOG_ERROR: i32 = 3;

#[repr(C)]
pub struct rcb_host {
    pub size: u32,
    pub context: *mut c_void,
    pub http: Option<unsafe extern "C" fn(*mut c_void, *const rcb_http_request, *mut rcb_http_response) -> rcb_status>,
    pub json_text: Option<unsafe extern "C" fn(*mut c_void, rcb_text, rcb_text, *mut rcb_text) -> rcb_status>,
    pub json_integer: Option<unsafe extern "C" fn(*mut c_void, rcb_text, rcb_text, *mut i64) -> rcb_status>,
    pub json_number: Option<unsafe extern "C" fn(*mut c_void, rcb_text, rcb_text, *mut f64) -> rcb_status>,
    pub json_boolean: Option<unsafe extern "C" fn(*mut c_void, rcb_text, rcb_text, *mut i32) -> rcb_status>,
    pub json_kind: Option<unsafe extern "C" fn(*mut c_void, rcb_text, rcb_text, *mut i32, *mut usize) -> rcb_status>,
    pub json_name: Option<unsafe extern "C" fn(*mut c_void, rcb_text, rcb_text, usize, *mut rcb_text) -> rcb_status>,
    pub xml_text: Option<unsafe extern "C" fn(*mut c_void, rcb_text, rcb_text, *mut rcb_text) -> rcb_status>,
    pub encode: Option<unsafe extern "C" fn(*mut c_void, u32, rcb_text, *mut rcb_text) -> rcb_status>,
    pub decode: Option<unsafe extern "C" fn(*mut c_void, u32, rcb_text, *mut rcb_text) -> rcb_status>,
    pub sha256: Option<unsafe extern "C" fn(*mut c_void, rcb_text, *mut rcb_text) -> rcb_status>,
    pub hmac_sha256: Option<unsafe extern "C" fn(*mut c_void, rcb_text, rcb_text, *mut rcb_text) -> rcb_status>,
    pub parse_time: Option<unsafe extern "C" fn(*mut c_void, rcb_text, *mut i64) -> rcb_status>,
    pub format_time: Option<unsafe extern "C" fn(*mut c_void, u32, i64, *mut rcb_text) -> rcb_status>,
    pub read_file: Option<unsafe extern "C" fn(*mut c_void, rcb_text, *mut rcb_text) -> rcb_status>,
    pub emit: Option<unsafe extern "C" fn(*mut c_void, *const rcb_credential) -> rcb_status>,
    pub fail: Option<unsafe extern "C" fn(*mut c_void, rcb_text, rcb_text)>,
    pub log: Option<unsafe extern "C" fn(*mut c_void, i32, rcb_text, *const rcb_field, usize)>,
    pub now: Option<unsafe extern "C" fn(*mut c_void) -> i64>,
    pub deadline_ms: Option<unsafe extern "C" fn(*mut c_void) -> i64>,
}

pub const RCB_TRAIT_NEEDS_TOKEN: u32 = 1 << 0;
pub const RCB_TRAIT_RETURNS_TOKEN: u32 = 1 << 1;
pub const RCB_TRAIT_CONTACTS_REGISTRY: u32 = 1 << 2;

#[repr(C)]
pub struct rcb_provider {
    pub size: u32,
    pub abi_minor: u32,
    pub name: rcb_text,
    pub version: rcb_text,
    pub summary: rcb_text,
    pub traits: u32,
    pub settings: *const rcb_setting,
    pub setting_count: usize,
    pub relations: *const rcb_relation,
    pub relation_count: usize,
    pub hosts: *const rcb_text,
    pub host_count: usize,
    pub provide: Option<unsafe extern "C" fn(*const rcb_host, *const rcb_request) -> rcb_status>,
    pub check: Option<unsafe extern "C" fn(*const rcb_host, *const rcb_request) -> rcb_status>,
}

pub type rcb_provider_entry = unsafe extern "C" fn(*const rcb_host_info) -> *const rcb_provider;
