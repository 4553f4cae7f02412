//! How a `Provider` becomes the table of the contract.

use crate::description::{Description, Relation, Setting};
use crate::failure::Failure;
use crate::host::{Host, LogLevel};
use crate::request::Request;
use crate::sys::*;
use crate::text::raw;
use crate::Provider;
use std::any::Any;
use std::cell::Cell;
use std::mem::size_of;
use std::panic::{catch_unwind, set_hook, take_hook, AssertUnwindSafe};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::Once;

/// The table of one provider, made when it is first asked for; it lives until the process ends.
pub struct Table {
    made: Once,
    table: AtomicPtr<rcb_provider>,
}

impl Table {
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Table {
        Table { made: Once::new(), table: AtomicPtr::new(null_mut()) }
    }

    pub fn of<P: Provider>(&self) -> *const rcb_provider {
        self.made.call_once(|| {
            silence_panics_of_calls();
            self.table.store(Box::into_raw(Box::new(table::<P>())), Ordering::Release);
        });
        self.table.load(Ordering::Acquire)
    }
}

fn table<P: Provider>() -> rcb_provider {
    let Description { name, version, summary, needs_token, returns_token, contacts_registry, settings, relations, hosts } = P::DESCRIPTION;
    let (settings, setting_count) = leak(settings.iter().map(raw_setting).collect());
    let (relations, relation_count) = leak(relations.iter().map(raw_relation).collect());
    let (hosts, host_count) = leak_texts(hosts);
    rcb_provider {
        size: size_of::<rcb_provider>() as u32,
        abi_minor: RCB_ABI_MINOR,
        name: raw(name),
        version: raw(version),
        summary: raw(summary),
        traits: flags(&[
            (needs_token, RCB_TRAIT_NEEDS_TOKEN),
            (returns_token, RCB_TRAIT_RETURNS_TOKEN),
            (contacts_registry, RCB_TRAIT_CONTACTS_REGISTRY),
        ]),
        settings,
        setting_count,
        relations,
        relation_count,
        hosts,
        host_count,
        provide: Some(provide::<P>),
        check: Some(check::<P>),
    }
}

fn raw_setting(setting: &Setting) -> rcb_setting {
    let (choices, choice_count) = leak_texts(setting.choices);
    rcb_setting {
        size: size_of::<rcb_setting>() as u32,
        kind: setting.kind as u32,
        flags: flags(&[
            (setting.required, RCB_SETTING_REQUIRED),
            (setting.annotatable, RCB_SETTING_ANNOTATION),
            (setting.list, RCB_SETTING_LIST),
            (setting.secret, RCB_SETTING_SECRET),
        ]),
        name: raw(setting.name),
        default_value: raw(setting.default_value),
        pattern: raw(setting.pattern),
        summary: raw(setting.summary),
        choices,
        choice_count,
    }
}

fn raw_relation(relation: &Relation) -> rcb_relation {
    let (kind, names) = match relation {
        Relation::Needs(names) => (RCB_RELATION_NEEDS, names),
        Relation::Excludes(names) => (RCB_RELATION_EXCLUDES, names),
        Relation::OneOf(names) => (RCB_RELATION_ONE_OF, names),
    };
    let (names, name_count) = leak_texts(names);
    rcb_relation { size: size_of::<rcb_relation>() as u32, kind, names, name_count }
}

fn flags(all: &[(bool, u32)]) -> u32 {
    all.iter().filter(|(set, _)| *set).fold(0, |word, (_, flag)| word | flag)
}

fn leak_texts(texts: &'static [&'static str]) -> (*const rcb_text, usize) {
    leak(texts.iter().map(raw).collect())
}

/// An array that lives until the process ends.
fn leak<T>(elements: Vec<T>) -> (*const T, usize) {
    let elements = Box::leak(elements.into_boxed_slice());
    (elements.as_ptr(), elements.len())
}

unsafe extern "C" fn provide<P: Provider>(host: *const rcb_host, request: *const rcb_request) -> rcb_status {
    guarded(&*host, |host| P::provide(&Request::new(&*request, P::DESCRIPTION), host))
}

unsafe extern "C" fn check<P: Provider>(host: *const rcb_host, request: *const rcb_request) -> rcb_status {
    guarded(&*host, |host| P::check(&Request::new(&*request, P::DESCRIPTION), host))
}

/// Runs one function of a provider. No panic leaves it.
unsafe fn guarded(raw: &rcb_host, function: impl FnOnce(&Host) -> Result<(), Failure>) -> rcb_status {
    let host = Host::new(raw);
    let outer = IN_CALL.with(|inside| inside.replace(true));
    let result = catch_unwind(AssertUnwindSafe(|| function(&host)));
    IN_CALL.with(|inside| inside.set(outer));
    let failure = match result {
        Ok(Ok(())) => return RCB_OK,
        Ok(Err(failure)) => failure,
        Err(panic) => match panic.downcast::<Failure>() {
            Ok(failure) => *failure,
            Err(panic) => {
                // Its message was not written to be public, so only the debug log shows it.
                host.log(LogLevel::Debug, "the provider panicked", &[("what", message(&*panic))]);
                Failure::new(crate::Status::Internal, "the provider panicked")
            }
        },
    };
    host.fail(failure.reason(), failure.advice());
    failure.status() as rcb_status
}

fn message(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(formatted) => formatted,
        None => panic.downcast_ref::<&str>().copied().unwrap_or(""),
    }
}

thread_local!(static IN_CALL: Cell<bool> = const { Cell::new(false) });


/// The message of a panic may contain a secret, and stderr is the kubelet's log. Panics outside of calls, as those of tests, are printed as ever.
fn silence_panics_of_calls() {
    let usual = take_hook();
    set_hook(Box::new(move |panic| {
        if !IN_CALL.with(Cell::get) {
            usual(panic);
        }
    }));
}
