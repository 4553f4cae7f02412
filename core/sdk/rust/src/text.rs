//! Between strings of Rust and of the contract.

use crate::sys::{rcb_field, rcb_text};

/// A view of bytes, for the duration of a call of the host.
pub(crate) fn raw(bytes: &(impl AsRef<[u8]> + ?Sized)) -> rcb_text {
    let bytes = bytes.as_ref();
    rcb_text { data: bytes.as_ptr().cast(), size: bytes.len() }
}

pub(crate) fn raw_fields(fields: &[(&str, &str)]) -> Vec<rcb_field> {
    fields.iter().map(|(name, value)| rcb_field { name: raw(name), value: raw(value) }).collect()
}

/// An empty string keeps its address, by which the host knows where it came from.
///
/// # Safety
/// The bytes must be valid for `'a`.
pub(crate) unsafe fn bytes<'a>(text: rcb_text) -> &'a [u8] {
    if text.data.is_null() {
        &[]
    } else {
        std::slice::from_raw_parts(text.data.cast(), text.size)
    }
}

/// # Safety
/// The bytes must be valid for `'a`.
pub(crate) unsafe fn string<'a>(text: rcb_text) -> &'a str {
    std::str::from_utf8(bytes(text)).expect("the host promises UTF-8")
}

/// # Safety
/// `data` must point to `count` elements that are valid for `'a`; it may be null if there is none.
pub(crate) unsafe fn slice<'a, T>(data: *const T, count: usize) -> &'a [T] {
    if count == 0 {
        &[]
    } else {
        std::slice::from_raw_parts(data, count)
    }
}
