//! How a module and its tests are linked.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo:rustc-link-search=native={}", out.display());
    use_static_unwinder(&out);
    if env::var_os("CARGO_FEATURE_TESTING").is_some() {
        find_testing_library(&out);
    }
}

/// rustc asks for libgcc_s.so.1, which a node may not have. The linker finds this script in its place, and takes the same functions from GCC's
/// static library.
fn use_static_unwinder(out: &Path) {
    fs::write(out.join("libgcc_s.so"), "GROUP(-lgcc_eh -lgcc -lc)\n").expect("OUT_DIR is writable");
}

/// Links from OUT_DIR to librcb-testing, because `cargo test` runs programs with the folders below target/ in LD_LIBRARY_PATH, and no others.
/// It is in RCB_LIB_DIR, or in the prefix that this crate is installed in; otherwise the linker searches the system's folders.
fn find_testing_library(out: &Path) {
    println!("cargo:rerun-if-env-changed=RCB_LIB_DIR");
    let prefix = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../..");
    let folders = match env::var_os("RCB_LIB_DIR") {
        Some(folder) => vec![PathBuf::from(folder)],
        None => vec![prefix.join("lib"), prefix.join("lib64")],
    };
    for folder in folders {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if !name.to_string_lossy().starts_with("librcb-testing.so") {
                continue;
            }
            let link = out.join(&name);
            let _ = fs::remove_file(&link);
            std::os::unix::fs::symlink(fs::canonicalize(entry.path()).expect("the library exists"), &link)
                .expect("OUT_DIR is writable");
        }
    }
}
