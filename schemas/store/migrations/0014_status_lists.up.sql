-- Where a version stands in the status lists must tell nobody when, or after which other, it was issued: a sequence is permuted
-- under this key (Token Status List, section on unlinkability). Whoever has the key has the sequence; it never leaves the database's
-- readers.
create table status_permutation (
    single boolean primary key default true constraint permutation_is_single check (single),
    key bytea not null constraint permutation_key_length check (length(key) = 32)
);
insert into status_permutation (key)
values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

-- The newest signed list of each number; older ones stay in the object store until they are collected.
create table status_list (
    list integer primary key,
    sha256 bytea not null constraint status_list_sha256_length check (length(sha256) = 32),
    object_key text not null,
    size_bytes bigint not null,
    issued_at timestamptz not null,
    fresh_until timestamptz not null,
    expires_at timestamptz not null,
    published_at timestamptz not null default now()
);
