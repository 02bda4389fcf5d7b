//! Keys that are missing, or are none.

use super::{BARE, Case, File, OURS};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "no key anywhere",
        args: &["session", "decode", "--name", "s", "x"],
        says: concat!(
            "error: no key is given to verify with\n",
            "hint: name a file of keys with `--key-file FILE`, set CSQLSTORE_KEYS, or set `key_file` in the configuration"
        ),
        ..BARE
    },
    Case {
        name: "a key file that is not there",
        args: &["session", "decode", "--name", "s", "--key-file", "nowhere", "x"],
        says: concat!(
            "error: reading the key file `{folder}/nowhere` failed\n",
            "  caused by: No such file or directory (os error 2)\n",
            "hint: `csqlstore key generate --out FILE` makes one with a new pair"
        ),
        ..BARE
    },
    Case {
        name: "a key file of the configuration that is not there",
        files: &[File { name: "csqlstore.toml", content: "key_file = \"nowhere\"\n", ..OURS }],
        args: &["session", "decode", "--name", "s", "x"],
        says: concat!(
            "error: reading the key file `{folder}/nowhere` failed\n",
            "  caused by: No such file or directory (os error 2)\n",
            "hint: `csqlstore key generate --out FILE` makes one with a new pair"
        ),
        ..BARE
    },
    Case {
        name: "a key file that is a folder",
        args: &["session", "decode", "--name", "s", "--key-file", ".", "x"],
        says: concat!("error: reading the key file `{folder}/.` failed\n", "  caused by: Is a directory (os error 21)"),
        ..BARE
    },
    Case {
        name: "an empty key file",
        files: &[File { name: "keys", content: "", ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: there is no key in it\n",
            "hint: `csqlstore key generate` makes a pair; that of a Go program stands where it makes its store"
        ),
        ..BARE
    },
    Case {
        name: "a key file of comments alone",
        files: &[File { name: "keys", content: "# the keys\n\n", ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: there is no key in it\n",
            "hint: `csqlstore key generate` makes a pair; that of a Go program stands where it makes its store"
        ),
        ..BARE
    },
    Case {
        name: "a hex key of odd length",
        files: &[File {
            name: "keys",
            content: "hex:706c616e7465642d686173682d6b65792d6f662d7468652d6572726f72732d303\n",
            ..OURS
        }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: line 1 of the keyring, pair 1: the text after `hex:` has an odd number of digits: one is missing, or one too many\n",
            "hint: a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`"
        ),
        ..BARE
    },
    Case {
        name: "a hex key with other characters",
        files: &[File { name: "keys", content: "hex:{hash}\n", ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: line 1 of the keyring, pair 1: the text after `hex:` is not hexadecimal\n",
            "hint: a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`"
        ),
        ..BARE
    },
    Case {
        name: "a base64 key that is none",
        files: &[File { name: "keys", content: "base64:{hash}!\n", ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: line 1 of the keyring, pair 1: the text after `base64:` is not base64\n",
            "hint: a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`"
        ),
        ..BARE
    },
    Case {
        name: "a key without its form",
        files: &[File { name: "keys", content: "{hash}\n", ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: line 1 of the keyring, pair 1: a key begins with none of `hex:`, `base64:` and `raw:`\n",
            "hint: a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`"
        ),
        ..BARE
    },
    Case {
        name: "a key of a form that there is not",
        files: &[File { name: "keys", content: "text:{hash}\n", ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: line 1 of the keyring, pair 1: a key begins with none of `hex:`, `base64:` and `raw:`\n",
            "hint: a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`"
        ),
        ..BARE
    },
    Case {
        name: "a block key of the wrong length",
        files: &[File { name: "keys", content: "raw:{hash},raw:short\n", ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: line 1 of the keyring, pair 1: a block key has 5 bytes instead of 16, 24 or 32\n",
            "hint: a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`"
        ),
        ..BARE
    },
    Case {
        name: "three keys in a pair",
        files: &[File { name: "keys", content: "raw:{hash},raw:0123456789abcdef,raw:again\n", ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: line 1 of the keyring, pair 1: more than two keys; a pair is `HASH[,BLOCK]`\n",
            "hint: a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`"
        ),
        ..BARE
    },
    Case {
        name: "a key of no bytes",
        files: &[File { name: "keys", content: "raw:\n", ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: line 1 of the keyring, pair 1: a key is empty\n",
            "hint: a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`"
        ),
        ..BARE
    },
    Case {
        name: "an error behind the line ends of Windows",
        files: &[File { name: "keys", content: "raw:{hash}\r\nraw:{hash}2,raw:short\r\n", ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the keyring of `{folder}/keys` cannot be used\n",
            "  caused by: line 2 of the keyring, pair 2: a block key has 5 bytes instead of 16, 24 or 32\n",
            "hint: a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`"
        ),
        ..BARE
    },
    Case {
        name: "a key on the command line",
        args: &["session", "decode", "--name", "s", "--key-file", "raw:{hash}", "x"],
        says: concat!(
            "error: reading the key file `{folder}/raw:***` failed\n",
            "  caused by: No such file or directory (os error 2)\n",
            "hint: this is to be the name of a file: write the key into one, or set CSQLSTORE_KEYS"
        ),
        ..BARE
    },
    Case {
        name: "keys in the environment that are none",
        env: &[("CSQLSTORE_KEYS", "{hash}")],
        args: &["session", "decode", "--name", "s", "x"],
        says: concat!(
            "error: the keyring of `$CSQLSTORE_KEYS` cannot be used\n",
            "  caused by: line 1 of the keyring, pair 1: a key begins with none of `hex:`, `base64:` and `raw:`\n",
            "hint: a keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`"
        ),
        ..BARE
    },
    Case {
        name: "a key file that others may write",
        files: &[File { name: "keys", content: "raw:{hash}\n", mode: 0o622, ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "warning: the key file `{folder}/keys` holds secrets and can be changed by every user of this machine: `chmod o-rwx {folder}/keys`\n",
            "error: the key file `{folder}/keys` is not trusted: it lies in the working folder and others may write it (mode 622)\n",
            "hint: if its content is yours: `chmod go-w {folder}/keys`"
        ),
        ..BARE
    },
    Case {
        name: "a key file of somebody else",
        files: &[File { name: "keys", content: "raw:{hash}\n", mode: 0o600, owner: 65534 }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "x"],
        says: concat!(
            "error: the key file `{folder}/keys` is not trusted: it lies in the working folder and belongs to user 65534\n",
            "hint: keep a copy of your own in a folder of your own"
        ),
        ..BARE
    },
    Case {
        name: "a key file that others may read",
        files: &[File { name: "keys", content: "raw:{hash}\n", mode: 0o644, ..OURS }],
        args: &["session", "decode", "--name", "s", "--key-file", "keys", "eA=="],
        status: 1,
        says: concat!(
            "warning: the key file `{folder}/keys` holds secrets and can be read by every user of this machine: `chmod o-rwx {folder}/keys`\n",
            "error: the value does not verify\n",
            "  caused by: the value has 1 of the three parts date, payload and MAC\n",
            "hint: a value is URL-safe base64 up to and including its `=`: was all of it copied, and nothing else?"
        ),
        ..BARE
    },
    Case {
        name: "the same key twice",
        files: &[File { name: "keys", content: "raw:{hash}\nraw:{hash}\n", ..OURS }],
        args: &["key", "check", "--key-file", "keys"],
        status: 1,
        says: "",
        reports: "pair 2 is pair 1 again [pair-repeated]",
        ..BARE
    },
    Case {
        name: "a new key over one that is there",
        files: &[File { name: "keys", content: "raw:{hash}\n", ..OURS }],
        args: &["key", "generate", "--out", "keys"],
        says: concat!(
            "error: the file `keys` cannot be made\n",
            "  caused by: File exists (os error 17)\n",
            "hint: `csqlstore key generate --append FILE` appends a pair, which then verifies and does not sign; the first pair signs"
        ),
        ..BARE
    },
    Case {
        name: "a new key where there is no folder",
        args: &["key", "generate", "--out", "nowhere/keys"],
        says: concat!(
            "error: the file `nowhere/keys` cannot be made\n",
            "  caused by: No such file or directory (os error 2)\n",
            "hint: make its folder first, which nobody else should be able to read"
        ),
        ..BARE
    },
    Case {
        name: "a new block key of the wrong length",
        args: &["key", "generate", "--block", "20"],
        says: concat!(
            "error: invalid value '20' for '--block [<BYTES>]'\n",
            "  [possible values: 16, 24, 32]\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "a new key that is too short",
        args: &["key", "generate", "--bytes", "4"],
        says: concat!(
            "error: invalid value '4' for '--bytes <BYTES>': 4 is not in 32..=64\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
];
