//! For provider modules in Rust. Describe the provider in a constant, write one function, and export the type:
//!
//! ```no_run
//! use rcb::{Body, Credential, Description, Expiry, Failure, Host, Provider, Repeat, Request, Setting, Status, Type};
//!
//! struct Example;
//!
//! impl Provider for Example {
//!     const DESCRIPTION: Description = Description {
//!         name: "example",
//!         version: "1.0.0",
//!         summary: "Exchanges the pod's token at a URL.",
//!         needs_token: true,
//!         settings: &[Setting { name: "url", kind: Type::Url, required: true, summary: "The token exchange endpoint.", ..Setting::DEFAULT }],
//!         ..Description::DEFAULT
//!     };
//!
//!     fn provide(request: &Request, host: &Host) -> Result<(), Failure> {
//!         let answer = host.post(request.setting("url"), Body::Form(&[("token", request.token())]), &[], Repeat::Harmless)?;
//!         let password = host.json_text(answer, "/token")?.ok_or_else(|| Failure::new(Status::BadAnswer, "the answer contains no token"))?;
//!         host.emit(&Credential { username: "token", password, expiry: Expiry::FromJwt, ..Credential::DEFAULT })
//!     }
//! }
//!
//! rcb::export_provider!(Example);
//! ```
//!
//! Strings from the host are borrowed: they cannot outlive the call, and are not copied. A panic does not leave the module: the call fails, and the
//! panic's message goes to the debug log. Build with `crate-type = ["cdylib"]`, and test with the feature `testing`. The contract behind all this,
//! with every guarantee in detail, is `<rcb/provider_abi.h>`.

#[cfg(panic = "abort")]
compile_error!("a panic of a module must not end the broker: build it without `panic = \"abort\"`");

mod description;
#[doc(hidden)]
pub mod export;
mod failure;
mod host;
mod request;
mod secret;
pub mod sys;
#[cfg(feature = "testing")]
pub mod testing;
mod text;

pub use description::{Description, Relation, Setting, Type};
pub use failure::{Failure, Status};
pub use host::{Answer, Body, Credential, Encoding, Expiry, Host, JsonKind, LogLevel, Method, Options, Repeat, Scope, TimeFormat};
pub use request::Request;
pub use secret::Secret;

/// What a module implements. There is no state between calls, hence no `self`.
pub trait Provider {
    /// The table that the operator's file is checked against.
    const DESCRIPTION: Description;

    /// Emits one credential, or says why there is none.
    fn provide(request: &Request, host: &Host) -> Result<(), Failure>;

    /// Refuses settings (`Status::BadSettings`) for what the table cannot say. Called before `provide()`, in a run and by `validate`. The token,
    /// requests and `emit()` are not available.
    fn check(_request: &Request, _host: &Host) -> Result<(), Failure> {
        Ok(())
    }
}

/// Exports a provider as the module's only symbol.
#[macro_export]
macro_rules! export_provider {
    ($provider:ty) => {
        #[no_mangle]
        pub extern "C" fn rcb_provider_entry_v1(_host: *const $crate::sys::rcb_host_info) -> *const $crate::sys::rcb_provider {
            static TABLE: $crate::export::Table = $crate::export::Table::new();
            TABLE.of::<$provider>()
        }
    };
}
