//! The bindings have the sizes, offsets and values of the header. It is in RCB_INCLUDE_DIR, or beside or above this crate; a C compiler reads it.

use rcb::sys::*;
use std::fmt::Write as _;
use std::mem::{size_of, MaybeUninit};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What Rust says, a line for each fact, and the C statements that print the same lines.
#[derive(Default)]
struct Facts {
    rust: String,
    c: String,
}

impl Facts {
    fn add(&mut self, name: &str, value: i128, c: &str) {
        writeln!(self.rust, "{} {}", name, value).unwrap();
        writeln!(self.c, "  printf(\"{} %lld\\n\", (long long)({}));", name, c).unwrap();
    }
}

macro_rules! structs {
    ($facts:ident: $($name:ident { $($field:ident $(as $c:literal)?),* $(,)? })*) => { $(
        $facts.add(stringify!($name), size_of::<$name>() as i128, concat!("sizeof(", stringify!($name), ")"));
        let place = MaybeUninit::<$name>::uninit();
        $(
            let offset = unsafe { std::ptr::addr_of!((*place.as_ptr()).$field) as usize } - place.as_ptr() as usize;
            let in_c = [$($c,)? stringify!($field)][0];
            let what = format!("{}.{}", stringify!($name), in_c);
            $facts.add(&what, offset as i128, &format!("offsetof({}, {})", stringify!($name), in_c));
        )*
    )* };
}

macro_rules! constants {
    ($facts:ident: $($name:ident)*) => { $( $facts.add(stringify!($name), $name as i128, stringify!($name)); )* };
}

fn facts() -> Facts {
    let mut facts = Facts::default();
    structs! { facts:
        rcb_text { data, size }
        rcb_field { name, value }
        rcb_host_info { size, abi_minor, version }
        rcb_setting { size, kind as "type", flags, name, default_value, pattern, summary, choices, choice_count }
        rcb_relation { size, kind, names, name_count }
        rcb_request { size, image, registry, token, token_expires_at, namespace_name, service_account, settings, setting_count }
        rcb_http_request { size, body, method, url, headers, header_count, fields, field_count, content_type, content, flags, timeout_ms }
        rcb_http_response { size, status, body, headers, header_count }
        rcb_credential { size, username, password, expires_at, scope, reserved }
        rcb_host { size, context, http, json_text, json_integer, json_number, json_boolean, json_kind, json_name, xml_text, encode, decode,
                   sha256, hmac_sha256, parse_time, format_time, read_file, emit, fail, log, now, deadline_ms }
        rcb_provider { size, abi_minor, name, version, summary, traits, settings, setting_count, relations, relation_count, hosts, host_count,
                       provide, check }
    }
    constants! { facts:
        RCB_ABI_MINOR
        RCB_OK RCB_REFUSED RCB_UNAVAILABLE RCB_BAD_ANSWER RCB_BAD_SETTINGS RCB_EXPIRED RCB_INTERNAL RCB_ABSENT
        RCB_SETTING_STRING RCB_SETTING_INTEGER RCB_SETTING_BOOLEAN RCB_SETTING_DURATION RCB_SETTING_FILE RCB_SETTING_URL RCB_SETTING_HOST
        RCB_SETTING_CHOICE RCB_SETTING_MAP
        RCB_SETTING_REQUIRED RCB_SETTING_ANNOTATION RCB_SETTING_LIST RCB_SETTING_SECRET
        RCB_RELATION_NEEDS RCB_RELATION_EXCLUDES RCB_RELATION_ONE_OF
        RCB_BODY_NONE RCB_BODY_JSON RCB_BODY_FORM RCB_BODY_RAW
        RCB_HTTP_ANY_STATUS RCB_HTTP_ONCE RCB_HTTP_REPEATABLE
        RCB_EXPIRES_UNKNOWN RCB_EXPIRES_NEVER RCB_EXPIRES_FROM_JWT
        RCB_SCOPE_REGISTRY RCB_SCOPE_IMAGE
        RCB_JSON_NULL RCB_JSON_BOOLEAN RCB_JSON_INTEGER RCB_JSON_NUMBER RCB_JSON_STRING RCB_JSON_ARRAY RCB_JSON_OBJECT
        RCB_ENCODING_BASE64 RCB_ENCODING_BASE64URL RCB_ENCODING_HEX RCB_ENCODING_PERCENT RCB_ENCODING_JSON
        RCB_TIME_RFC3339 RCB_TIME_HTTP RCB_TIME_BASIC
        RCB_LOG_DEBUG RCB_LOG_INFO RCB_LOG_WARN RCB_LOG_ERROR
        RCB_TRAIT_NEEDS_TOKEN RCB_TRAIT_RETURNS_TOKEN RCB_TRAIT_CONTACTS_REGISTRY
    }
    facts
}

fn include_dir() -> PathBuf {
    if let Some(folder) = env::var_os("RCB_INCLUDE_DIR") {
        return PathBuf::from(folder);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = here.join("../include");
    if beside.is_dir() {
        beside
    } else {
        here.join("../../../../include")
    }
}

#[test]
fn is_that_of_the_header() {
    let facts = facts();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, program) = (folder.join("layout.c"), folder.join("layout"));
    let head = "#include <rcb/provider_abi.h>\n#include <stdio.h>\nint main(void) {\n";
    fs::write(&source, format!("{}{}  return 0;\n}}\n", head, facts.c)).unwrap();
    let compiled = Command::new("cc").arg("-I").arg(include_dir()).arg(&source).arg("-o").arg(&program).status().unwrap();
    assert!(compiled.success(), "the C compiler failed");
    let printed = Command::new(&program).output().unwrap().stdout;
    let c = String::from_utf8(printed).unwrap();
    for (rust, c) in facts.rust.lines().zip(c.lines()) {
        assert_eq!(rust, c);
    }
    assert_eq!(facts.rust.lines().count(), c.lines().count());
}

/// Every enumerator and constant of the header is compared above, so that one that the header gains is not forgotten here.
#[test]
fn names_every_constant_of_the_header() {
    let header = fs::read_to_string(include_dir().join("rcb/provider_abi.h")).unwrap();
    let known = facts().rust;
    for word in header.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        let group = ["RCB_SETTING_", "RCB_RELATION_", "RCB_BODY_", "RCB_HTTP_", "RCB_EXPIRES_", "RCB_SCOPE_", "RCB_JSON_", "RCB_ENCODING_",
                     "RCB_TIME_", "RCB_LOG_", "RCB_TRAIT_"];
        if group.iter().any(|prefix| word.starts_with(prefix) && word.len() > prefix.len()) {
            assert!(known.lines().any(|line| line.split(' ').next() == Some(word)), "{} is not in sys.rs", word);
        }
    }
}
