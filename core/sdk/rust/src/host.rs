//! The services of the host.

use crate::failure::{Failure, Status};
use crate::sys::*;
use crate::text::{bytes, raw, raw_fields, slice, string};
use std::mem::{size_of, size_of_val};
use std::os::raw::c_void;
use std::ptr::null;
use std::time::Duration;

/// What is sent: GET and HEAD without a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Delete,
}

/// The body of a request. The host encodes it.
#[derive(Clone, Copy)]
pub enum Body<'b> {
    None,
    Json(&'b [(&'b str, &'b str)]),
    Form(&'b [(&'b str, &'b str)]),
    Raw { content_type: &'b str, content: &'b [u8] },
}

/// Whether the host may retry a request. GET and HEAD are always repeated as if that were harmless, except with `Never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Only if it cannot have reached the server, or a temporary error was the answer.
    UnlessReceived = 0,
    /// Also if the connection broke or no answer arrived in time: twice does no harm.
    Harmless = RCB_HTTP_REPEATABLE as isize,
    /// Not even if it was answered with a temporary error.
    Never = RCB_HTTP_ONCE as isize,
}

/// What else `Host::send()` can be told.
#[derive(Clone, Copy)]
pub struct Options<'b> {
    /// In addition to those of the host.
    pub headers: &'b [(&'b str, &'b str)],
    pub repeat: Repeat,
    /// An answer of any status (200 to 599) is returned; without it, one other than 2xx is a failure.
    pub any_status: bool,
    /// For the request with its retries; `None`: all that is left.
    pub timeout: Option<Duration>,
}

impl Options<'_> {
    /// For `..Options::DEFAULT`.
    pub const DEFAULT: Options<'static> = Options { headers: &[], repeat: Repeat::UnlessReceived, any_status: false, timeout: None };
}

/// An answer. Body and values of headers may be secrets.
pub struct Answer<'a> {
    /// 200 to 299, or with `any_status` 200 to 599.
    pub status: i32,
    /// Empty if there is none, and if the body of an answer other than 2xx is broken.
    pub body: &'a [u8],
    headers: &'a [rcb_field],
}

impl<'a> Answer<'a> {
    /// The value of the first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        self.headers_named(name).into_iter().next()
    }
    /// The values of all headers of this name, in the server's order.
    pub fn headers_named(&self, name: &str) -> Vec<&'a [u8]> {
        let same = |field: &&rcb_field| unsafe { bytes(field.name) }.eq_ignore_ascii_case(name.as_bytes());
        self.headers.iter().filter(same).map(|field| unsafe { bytes(field.value) }).collect()
    }
}

/// When a credential expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// The answer is not cached.
    Unknown,
    /// A long-lived password.
    Never,
    /// The password is a JWT with `exp`.
    FromJwt,
    /// Unix time in seconds.
    At(i64),
    /// Seconds after `emit()`, as a server states a lifetime (`expires_in`): any number, of which more than a year makes no difference.
    After(i64),
}

const LONGEST_LIFETIME: i64 = 366 * 24 * 60 * 60;

/// What a credential is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every image that the rule matches on this registry.
    Registry = RCB_SCOPE_REGISTRY as isize,
    /// The requested image only.
    Image = RCB_SCOPE_IMAGE as isize,
}

#[derive(Clone, Copy)]
pub struct Credential<'b> {
    pub username: &'b str,
    pub password: &'b str,
    pub expiry: Expiry,
    pub scope: Scope,
}

impl Credential<'_> {
    /// For `..Credential::DEFAULT`.
    pub const DEFAULT: Credential<'static> = Credential { username: "", password: "", expiry: Expiry::Unknown, scope: Scope::Registry };
}

/// What a value in a JSON document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    Null,
    Boolean,
    /// Fits `i64`.
    Integer,
    /// Any other number.
    Number,
    String,
    /// With the number of its elements.
    Array(usize),
    /// With the number of its members.
    Object(usize),
}

/// How bytes are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// With padding; decoding takes both alphabets, padding or not, and ignores line breaks.
    Base64 = RCB_ENCODING_BASE64 as isize,
    /// Without padding; decoding is the same.
    Base64Url = RCB_ENCODING_BASE64URL as isize,
    /// Lowercase; decoding takes either case.
    Hex = RCB_ENCODING_HEX as isize,
    /// Of URLs: all but letters, digits, '-', '.', '_' and '~'.
    Percent = RCB_ENCODING_PERCENT as isize,
    /// One string literal with its quotes, to put a JSON body of any shape together for `Body::Raw`.
    Json = RCB_ENCODING_JSON as isize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFormat {
    /// 2026-11-29T02:00:00Z
    Rfc3339 = RCB_TIME_RFC3339 as isize,
    /// Sun, 29 Nov 2026 02:00:00 GMT
    Http = RCB_TIME_HTTP as isize,
    /// 20261129T020000Z, which signatures use
    Basic = RCB_TIME_BASIC as isize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    Debug = RCB_LOG_DEBUG as isize,
    Info = RCB_LOG_INFO as isize,
    Warn = RCB_LOG_WARN as isize,
    Error = RCB_LOG_ERROR as isize,
}

/// The services of the host. What they return is borrowed from it, for the duration of the call. The `Failure` of a service has no reason, because
/// the host knows it: return it with `?`, unless the module has an alternative.
pub struct Host<'a> {
    raw: &'a rcb_host,
}

/// The function of a service. One that an older host does not have is beyond its size.
macro_rules! service {
    ($host:expr, $name:ident) => {{
        let raw: &rcb_host = $host.raw;
        let end = std::ptr::addr_of!(raw.$name) as usize + size_of_val(&raw.$name) - raw as *const rcb_host as usize;
        match raw.$name {
            Some(function) if raw.size as usize >= end => Ok(function),
            _ => Err(Failure::new(Status::Internal, concat!("this version of the program does not have the service ", stringify!($name)))),
        }
    }};
}

impl<'a> Host<'a> {
    /// # Safety
    /// `raw` must be valid for `'a`, and as the contract says.
    pub(crate) unsafe fn new(raw: &'a rcb_host) -> Host<'a> {
        Host { raw }
    }

    /// Returns the body of an answer with status 2xx. The host handles certificates, proxies, retries, limits and the deadline.
    pub fn post(&self, url: &str, body: Body, headers: &[(&str, &str)], repeat: Repeat) -> Result<&'a [u8], Failure> {
        Ok(self.send(Method::Post, url, body, &Options { headers, repeat, ..Options::DEFAULT })?.body)
    }
    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<&'a [u8], Failure> {
        Ok(self.send(Method::Get, url, Body::None, &Options { headers, ..Options::DEFAULT })?.body)
    }
    /// The same for any method, with the whole answer.
    pub fn send(&self, method: Method, url: &str, body: Body, options: &Options) -> Result<Answer<'a>, Failure> {
        let headers = raw_fields(options.headers);
        let (kind, fields, content_type, content) = match body {
            Body::None => (RCB_BODY_NONE, Vec::new(), "", &[][..]),
            Body::Json(members) => (RCB_BODY_JSON, raw_fields(members), "", &[][..]),
            Body::Form(fields) => (RCB_BODY_FORM, raw_fields(fields), "", &[][..]),
            Body::Raw { content_type, content } => (RCB_BODY_RAW, Vec::new(), content_type, content),
        };
        let request = rcb_http_request {
            size: size_of::<rcb_http_request>() as u32,
            body: kind,
            method: raw(name_of(method)),
            url: raw(url),
            headers: headers.as_ptr(),
            header_count: headers.len(),
            fields: fields.as_ptr(),
            field_count: fields.len(),
            content_type: raw(content_type),
            content: raw(content),
            flags: options.repeat as u32 | if options.any_status { RCB_HTTP_ANY_STATUS } else { 0 },
            timeout_ms: milliseconds(options.timeout),
        };
        let mut response = rcb_http_response {
            size: size_of::<rcb_http_response>() as u32,
            status: 0,
            body: rcb_text { data: null(), size: 0 },
            headers: null(),
            header_count: 0,
        };
        let http = service!(self, http)?;
        require(unsafe { http(self.context(), &request, &mut response) })?;
        Ok(unsafe {
            Answer { status: response.status, body: bytes(response.body), headers: slice(response.headers, response.header_count) }
        })
    }

    /// A string in a JSON document, by JSON pointer ("/token"). `None` if there is no such member, or if it is not a string. A failure that names the
    /// position if the document is not JSON.
    pub fn json_text(&self, document: impl AsRef<[u8]>, pointer: &str) -> Result<Option<&'a str>, Failure> {
        let (json_text, mut value) = (service!(self, json_text)?, raw(""));
        let status = unsafe { json_text(self.context(), raw(&document), raw(pointer), &mut value) };
        Ok(found(status)?.map(|()| unsafe { string(value) }))
    }
    /// The same for an integer ("/expires_in").
    pub fn json_integer(&self, document: impl AsRef<[u8]>, pointer: &str) -> Result<Option<i64>, Failure> {
        let (json_integer, mut value) = (service!(self, json_integer)?, 0);
        let status = unsafe { json_integer(self.context(), raw(&document), raw(pointer), &mut value) };
        Ok(found(status)?.map(|()| value))
    }
    /// The same for any number, an integer too.
    pub fn json_number(&self, document: impl AsRef<[u8]>, pointer: &str) -> Result<Option<f64>, Failure> {
        let (json_number, mut value) = (service!(self, json_number)?, 0.0);
        let status = unsafe { json_number(self.context(), raw(&document), raw(pointer), &mut value) };
        Ok(found(status)?.map(|()| value))
    }
    pub fn json_boolean(&self, document: impl AsRef<[u8]>, pointer: &str) -> Result<Option<bool>, Failure> {
        let (json_boolean, mut value) = (service!(self, json_boolean)?, 0);
        let status = unsafe { json_boolean(self.context(), raw(&document), raw(pointer), &mut value) };
        Ok(found(status)?.map(|()| value != 0))
    }
    /// The kind of any value; `None` if there is no such value. An empty pointer means the document.
    pub fn json_kind(&self, document: impl AsRef<[u8]>, pointer: &str) -> Result<Option<JsonKind>, Failure> {
        let (json_kind, mut kind, mut count) = (service!(self, json_kind)?, 0, 0);
        let status = unsafe { json_kind(self.context(), raw(&document), raw(pointer), &mut kind, &mut count) };
        Ok(found(status)?.map(|()| match kind {
            RCB_JSON_BOOLEAN => JsonKind::Boolean,
            RCB_JSON_INTEGER => JsonKind::Integer,
            RCB_JSON_NUMBER => JsonKind::Number,
            RCB_JSON_STRING => JsonKind::String,
            RCB_JSON_ARRAY => JsonKind::Array(count),
            RCB_JSON_OBJECT => JsonKind::Object(count),
            _ => JsonKind::Null,
        }))
    }
    /// The name of an object's member, in the document's order; `None` if there is none.
    pub fn json_name(&self, document: impl AsRef<[u8]>, pointer: &str, index: usize) -> Result<Option<&'a str>, Failure> {
        let (json_name, mut name) = (service!(self, json_name)?, raw(""));
        let status = unsafe { json_name(self.context(), raw(&document), raw(pointer), index, &mut name) };
        Ok(found(status)?.map(|()| unsafe { string(name) }))
    }

    /// The text of the first element of an XML document with this path: local names from the root on, "/Envelope/Body/Token". `None` if there is no
    /// such element, or if it has elements in it.
    pub fn xml_text(&self, document: impl AsRef<[u8]>, path: &str) -> Result<Option<&'a str>, Failure> {
        let (xml_text, mut value) = (service!(self, xml_text)?, raw(""));
        let status = unsafe { xml_text(self.context(), raw(&document), raw(path), &mut value) };
        Ok(found(status)?.map(|()| unsafe { string(value) }))
    }

    /// Bytes as text. What is made of a secret is one.
    pub fn encode(&self, encoding: Encoding, data: impl AsRef<[u8]>) -> Result<&'a str, Failure> {
        let (encode, mut text) = (service!(self, encode)?, raw(""));
        require(unsafe { encode(self.context(), encoding as u32, raw(&data), &mut text) })?;
        Ok(unsafe { string(text) })
    }
    /// Text as bytes; `None` if the text is not valid.
    pub fn decode(&self, encoding: Encoding, text: impl AsRef<[u8]>) -> Result<Option<&'a [u8]>, Failure> {
        let (decode, mut data) = (service!(self, decode)?, raw(""));
        let status = unsafe { decode(self.context(), encoding as u32, raw(&text), &mut data) };
        Ok(found(status)?.map(|()| unsafe { bytes(data) }))
    }
    /// The 32 bytes of SHA-256; `encode()` them if the protocol wants text.
    pub fn sha256(&self, data: impl AsRef<[u8]>) -> Result<&'a [u8], Failure> {
        let (sha256, mut digest) = (service!(self, sha256)?, raw(""));
        require(unsafe { sha256(self.context(), raw(&data), &mut digest) })?;
        Ok(unsafe { bytes(digest) })
    }
    /// The 32 bytes of HMAC-SHA-256.
    pub fn hmac_sha256(&self, key: impl AsRef<[u8]>, data: impl AsRef<[u8]>) -> Result<&'a [u8], Failure> {
        let (hmac_sha256, mut code) = (service!(self, hmac_sha256)?, raw(""));
        require(unsafe { hmac_sha256(self.context(), raw(&key), raw(&data), &mut code) })?;
        Ok(unsafe { bytes(code) })
    }

    /// A time in the format of RFC 3339 or HTTP, as Unix time in seconds. `None` if it is not one, or not in the years 1970 to 9999.
    pub fn parse_time(&self, text: impl AsRef<[u8]>) -> Result<Option<i64>, Failure> {
        let (parse_time, mut seconds) = (service!(self, parse_time)?, 0);
        let status = unsafe { parse_time(self.context(), raw(&text), &mut seconds) };
        Ok(found(status)?.map(|()| seconds))
    }
    /// In UTC. `None` if the time is not in these years.
    pub fn format_time(&self, format: TimeFormat, seconds: i64) -> Result<Option<&'a str>, Failure> {
        let (format_time, mut text) = (service!(self, format_time)?, raw(""));
        let status = unsafe { format_time(self.context(), format as u32, seconds, &mut text) };
        Ok(found(status)?.map(|()| unsafe { string(text) }))
    }

    /// Reads the file that a setting of `Type::File` names, if only root or the caller can write to it. Nothing is cut off, also no line break at
    /// its end. Secret.
    pub fn read_file(&self, path: &str) -> Result<&'a [u8], Failure> {
        let (read_file, mut content) = (service!(self, read_file)?, raw(""));
        require(unsafe { read_file(self.context(), raw(path), &mut content) })?;
        Ok(unsafe { bytes(content) })
    }
    /// The same for a file that contains one value: without the line break at its end, if there is one.
    pub fn read_value(&self, path: &str) -> Result<&'a [u8], Failure> {
        let content = self.read_file(path)?;
        let line = content.strip_suffix(b"\n").unwrap_or(content);
        Ok(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// Passes the credential to the host. Call it exactly once, as the last action of `provide()`. If the credential cannot be sent to a registry,
    /// the host reports an error of the file, setting or answer that it came from.
    pub fn emit(&self, credential: &Credential) -> Result<(), Failure> {
        let handed = rcb_credential {
            size: size_of::<rcb_credential>() as u32,
            username: raw(credential.username),
            password: raw(credential.password),
            expires_at: match credential.expiry {
                Expiry::Unknown => RCB_EXPIRES_UNKNOWN,
                Expiry::Never => RCB_EXPIRES_NEVER,
                Expiry::FromJwt => RCB_EXPIRES_FROM_JWT,
                Expiry::At(seconds) => seconds,
                Expiry::After(seconds) => self.now() + seconds.clamp(0, LONGEST_LIFETIME),
            },
            scope: credential.scope as u32,
            reserved: 0,
        };
        let emit = service!(self, emit)?;
        require(unsafe { emit(self.context(), &handed) })
    }

    /// Writes a line to the operator's log. Never pass a secret.
    pub fn log(&self, level: LogLevel, message: &str, fields: &[(&str, &str)]) {
        let fields = raw_fields(fields);
        if let Ok(log) = service!(self, log) {
            unsafe { log(self.context(), level as i32, raw(message), fields.as_ptr(), fields.len()) }
        }
    }

    /// Unix time in seconds: the node's clock, or the last answer's Date if that is later.
    pub fn now(&self) -> i64 {
        service!(self, now).map_or(0, |now| unsafe { now(self.context()) })
    }
    /// The time until the deadline; then the process ends.
    pub fn time_left(&self) -> Duration {
        let left = service!(self, deadline_ms).map_or(0, |deadline_ms| unsafe { deadline_ms(self.context()) });
        Duration::from_millis(left.max(0) as u64)
    }

    /// What a `Failure` of the provider becomes.
    pub(crate) fn fail(&self, reason: &str, advice: &str) {
        if let Ok(fail) = service!(self, fail) {
            unsafe { fail(self.context(), raw(reason), raw(advice)) }
        }
    }

    fn context(&self) -> *mut c_void {
        self.raw.context
    }
}

fn name_of(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    }
}

/// For the contract, where 0 means unlimited: a limit that has already passed becomes the shortest one.
fn milliseconds(timeout: Option<Duration>) -> u32 {
    timeout.map_or(0, |limit| limit.as_millis().clamp(1, u32::MAX as u128) as u32)
}

fn require(status: rcb_status) -> Result<(), Failure> {
    if status == RCB_OK {
        Ok(())
    } else {
        Err(Failure::of_service(status))
    }
}

fn found(status: rcb_status) -> Result<Option<()>, Failure> {
    if status == RCB_ABSENT {
        return Ok(None);
    }
    require(status).map(Some)
}
