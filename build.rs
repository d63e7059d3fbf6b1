//! Compiles the library anew when there is another migration: they are inside it.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
