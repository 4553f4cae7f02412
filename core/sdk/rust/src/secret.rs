//! A secret that a module has to put together itself.

use std::ops::Deref;

/// A string that is wiped when it is dropped, such as `Secret::concat(&["Bearer ", token])`.
pub struct Secret(String);

impl Secret {
    pub fn concat(parts: &[&str]) -> Secret {
        // Allocated once, so that no copy is left behind.
        let mut whole = String::with_capacity(parts.iter().map(|part| part.len()).sum());
        for part in parts {
            whole.push_str(part);
        }
        Secret(whole)
    }
}

impl Deref for Secret {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        // SAFETY: zeros are valid UTF-8.
        for byte in unsafe { self.0.as_bytes_mut() } {
            unsafe { std::ptr::write_volatile(byte, 0) };
        }
    }
}
