//! A load of gets and saves on the session store, as `cargo xtask bench store` starts it: see `tests/load`.

#![expect(unreachable_pub, reason = "an example exports nothing")]

#[path = "../tests/load/mod.rs"]
mod load;

fn main() {
    load::main();
}
