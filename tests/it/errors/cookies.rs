//! Cookies and rows that do not verify, or hold something else.

use super::{BARE, Case};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a cookie that is no base64",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "0", "no cookie!"],
        status: 1,
        says: concat!(
            "error: the value does not verify\n",
            "  caused by: the value is not base64\n",
            "hint: a value is URL-safe base64 up to and including its `=`: was all of it copied, and nothing else?"
        ),
        ..BARE
    },
    Case {
        name: "a cookie of which half was copied",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "0", "{half of it}"],
        status: 1,
        says: concat!(
            "error: the value does not verify\n",
            "  caused by: the value has 2 of the three parts date, payload and MAC\n",
            "  it is cut after 100 characters, before its MAC\n",
            "  it claims to be signed on 2026-11-23T01:47:12Z, {any} ago, which nothing proves\n",
            "hint: a value ends in the `=` of base64, if it has any: was all of it copied?"
        ),
        ..BARE
    },
    Case {
        name: "base64 that is no cookie",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "0", "eA=="],
        status: 1,
        says: concat!(
            "error: the value does not verify\n",
            "  caused by: the value has 1 of the three parts date, payload and MAC\n",
            "hint: a value is URL-safe base64 up to and including its `=`: was all of it copied, and nothing else?"
        ),
        ..BARE
    },
    Case {
        name: "a cookie of no characters",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "0", ""],
        status: 1,
        says: concat!(
            "error: no cookie in the text\n",
            "hint: it is the value alone, `NAME=VALUE`, or a whole `Cookie:` or `Set-Cookie:` header"
        ),
        ..BARE
    },
    Case {
        name: "a cookie that is too long",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &[
            "cookie",
            "decode",
            "--offline",
            "--name",
            "{name}",
            "--max-age",
            "0",
            "--max-length",
            "4096",
            "{long}",
        ],
        status: 1,
        says: concat!(
            "error: the value does not verify\n",
            "  caused by: the value has 5000 bytes, more than the 4096 that the codec takes\n",
            "hint: `--max-length 0` lifts the limit"
        ),
        ..BARE
    },
    Case {
        name: "a cookie under another key",
        env: &[("CSQLSTORE_KEYS", "raw:{hash}")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "0", "{cookie}"],
        status: 1,
        says: concat!(
            "error: the value does not verify\n",
            "  caused by: the MAC is wrong under the key and the name `my_app_session`\n",
            "  key 1 (hash key of 33 bytes, signs only) with `my_app_session`: the MAC is wrong\n",
            "  its payload is no gob: it is encrypted, or was changed\n",
            "  it claims to be signed on 2026-11-23T01:47:12Z, {any} ago, which nothing proves\n",
            "hint: the name is a part of what is signed: is it `my_app_session` that the writer uses, and are these its keys?"
        ),
        ..BARE
    },
    Case {
        name: "a cookie under another name",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["cookie", "decode", "--offline", "--name", "sid", "--max-age", "0", "{cookie}"],
        status: 1,
        says: concat!(
            "error: the value does not verify\n",
            "  caused by: the MAC is wrong under the key and the name `sid`\n",
            "  key 1 (hash key of 32 bytes, AES-192) with `sid`: the MAC is wrong\n",
            "  its payload is no gob: it is encrypted, or was changed\n",
            "  it claims to be signed on 2026-11-23T01:47:12Z, {any} ago, which nothing proves\n",
            "hint: the name is a part of what is signed: is it `sid` that the writer uses, and are these its keys?"
        ),
        ..BARE
    },
    Case {
        name: "a cookie and no name",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["cookie", "decode", "--offline", "--max-age", "0", "{cookie}"],
        says: concat!(
            "error: no session name to verify under\n",
            "hint: the name is a part of what is signed: give it with `--name`, CSQLSTORE_NAMES, or `names` in the configuration (a cookie given as `name=value` brings its own)"
        ),
        ..BARE
    },
    Case {
        name: "cookies of which none is the session's",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "0", "theme=dark; lang=de"],
        status: 1,
        says: concat!(
            "error: no cookie of the name `my_app_session`; found are `theme`, `lang`\n",
            "hint: `--name` says which cookie is the session's"
        ),
        ..BARE
    },
    Case {
        name: "a cookie that has expired",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "1s", "{cookie}"],
        status: 1,
        says: concat!(
            "error: the value does not verify\n",
            "  caused by: signed {any} ago by key 1 for `my_app_session`, older than the codec's max age of 1 second\n",
            "  key 1 (hash key of 32 bytes, AES-192) with `my_app_session`: the MAC is right, signed {any} ago; the limit is 1 second\n",
            "hint: `--max-age 0` lifts the limit"
        ),
        ..BARE
    },
    Case {
        name: "an encrypted cookie without the block key",
        env: &[("CSQLSTORE_KEYS", "{hash key}")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "0", "{cookie}"],
        status: 4,
        says: concat!(
            "error: the value verifies under key 1 for `my_app_session`, and is no gob\n",
            "  caused by: a message at byte 1 is said to take 124 bytes, and 59 are left\n",
            "  key 1 (hash key of 32 bytes, signs only) with `my_app_session`: the MAC is right, and what it holds is no gob\n",
            "  it seems to be encrypted, and key 1 has no block key\n",
            "hint: put the writer's block key behind the hash key of pair 1, as `HASH,BLOCK`"
        ),
        ..BARE
    },
    Case {
        name: "an encrypted cookie under another block key",
        env: &[("CSQLSTORE_KEYS", "{hash key},raw:0123456789abcdef")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "0", "{cookie}"],
        status: 4,
        says: concat!(
            "error: the value verifies under key 1 for `my_app_session`, and is no gob\n",
            "  caused by: the length of a message at byte 0 is out of range\n",
            "  key 1 (hash key of 32 bytes, AES-128) with `my_app_session`: the MAC is right, and what it holds is no gob\n",
            "  what key 1 decrypts it to is no gob: its block key is not the writer's\n",
            "hint: the block key of pair 1 has to be the writer's; the hash key is"
        ),
        ..BARE
    },
    Case {
        name: "a cookie that is not encrypted, under keys that encrypt",
        env: &[("CSQLSTORE_KEYS", "{signed keys},raw:0123456789abcdef")],
        args: &["cookie", "decode", "--offline", "--name", "{signed name}", "--max-age", "0", "{signed cookie}"],
        status: 4,
        says: concat!(
            "error: the value verifies under key 1 for `session-key`, and is no gob\n",
            "  caused by: the length of a message at byte 0 is out of range\n",
            "  key 1 (hash key of 32 bytes, AES-128) with `session-key`: the MAC is right, and what it holds is no gob\n",
            "  it is not encrypted, and key 1 has a block key\n",
            "hint: append a pair of the hash key of pair 1 alone: it reads what was written before encryption"
        ),
        ..BARE
    },
    Case {
        name: "a row's data for a cookie",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "0", "{data}"],
        status: 4,
        says: concat!(
            "error: the value verifies under key 1 for `my_app_session`, and holds map[interface {}]interface {} instead of a session id\n",
            "  key 1 (hash key of 32 bytes, AES-192) with `my_app_session`: the MAC is right, and it holds map[interface {}]interface {}\n",
            "hint: this is what a row holds in `data`: `csqlstore session decode` takes it"
        ),
        ..BARE
    },
    Case {
        name: "a cookie for a row's data",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["session", "decode", "--name", "{name}", "--max-age", "0", "{cookie}"],
        status: 4,
        says: concat!(
            "error: the value verifies under key 1 for `my_app_session`, and holds string instead of session values\n",
            "  key 1 (hash key of 32 bytes, AES-192) with `my_app_session`: the MAC is right, and it holds string\n",
            "hint: a session's cookie holds its id alone: `csqlstore cookie decode` takes it"
        ),
        ..BARE
    },
    Case {
        name: "a row's data of which half was copied",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["session", "decode", "--name", "{name}", "--max-age", "0", "{half of it}"],
        status: 1,
        says: concat!(
            "error: the value does not verify\n",
            "  caused by: the value has 2 of the three parts date, payload and MAC\n",
            "  it is cut after 100 characters, before its MAC\n",
            "  it claims to be signed on 2026-11-23T01:47:12Z, {any} ago, which nothing proves\n",
            "hint: a value ends in the `=` of base64, if it has any: was all of it copied?"
        ),
        ..BARE
    },
    Case {
        name: "a cookie with the quotes of a shell",
        env: &[("CSQLSTORE_KEYS", "{keys}")],
        args: &["cookie", "decode", "--offline", "--name", "{name}", "--max-age", "0", "'{cookie}'"],
        status: 1,
        says: concat!(
            "error: no cookie of the name `my_app_session`; found are `\\'MTc5NTM5ODQzMnxmSHhCaVlzRjlSYTV0eUw1d2laLVRWQjY1blBNY3V3b0RtNE8ydG1rSlVBVVVQY25INlZZdkpZYXh5eUNJb3QwUmlKN1JXbDBZNG9lLTMwNHzCYsrH-3nW2WMrP3sPeDnRqJIVFsSKipAjwHUD6INPFg`\n",
            "  it is wrapped in quotes or other marks\n",
            "hint: `--name` says which cookie is the session's"
        ),
        ..BARE
    },
];
