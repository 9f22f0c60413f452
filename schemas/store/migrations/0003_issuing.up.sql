-- Orders and documents: append-only. Status lives elsewhere.

create sequence status_index;
create sequence certificate_serial;

-- Every fact that a document shows, stored before a key is used.
create table issue_order (
    id bigint generated always as identity primary key,
    certificate_id bigint not null constraint order_certificate references certificate (id),
    version integer not null constraint order_version_from_one check (version > 0),
    revision bigint not null,
    -- The printed values, in their order on the page.
    snapshot jsonb not null,
    identifier text,
    portrait_sha256 bytea not null,
    portrait_key text not null,
    template_version integer not null,
    template_sha256 bytea not null,
    fonts_sha256 bytea not null,
    profile_sha256 bytea not null,
    document_key_id text not null,
    chain_sha256 bytea not null,
    qr_key_id text not null,
    qr_base text not null,
    status_list integer not null,
    status_index bigint not null,
    signing_time timestamptz not null,
    created_at timestamptz not null default now(),
    constraint order_version_once unique (certificate_id, version),
    constraint order_status_index_once unique (status_list, status_index)
);

-- An order that can no longer be carried out as stored. Its version is never used again.
create table order_closure (
    order_id bigint primary key constraint closure_order references issue_order (id),
    reason text not null,
    at timestamptz not null default now()
);

-- The one document of a certificate's version. Nothing is handed out except through this row.
create table document (
    id bigint generated always as identity primary key,
    certificate_id bigint not null constraint document_certificate references certificate (id),
    version integer not null,
    order_id bigint not null constraint document_order_once unique constraint document_order references issue_order (id),
    sha256 bytea not null constraint document_sha256_once unique constraint document_sha256_length check (length(sha256) = 32),
    object_key text not null,
    size_bytes bigint not null,
    committed_at timestamptz not null default now(),
    constraint document_once_per_version unique (certificate_id, version)
);

create trigger order_append_only before update or delete on issue_order
    for each statement execute function refuse_change();
create trigger closure_append_only before update or delete on order_closure
    for each statement execute function refuse_change();
create trigger document_append_only before update or delete on document
    for each statement execute function refuse_change();

create table sweep_run (
    id bigint generated always as identity primary key,
    sweep text not null,
    today date not null,
    actor text not null,
    dry_run boolean not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    examined bigint not null default 0,
    changed bigint not null default 0,
    skipped jsonb not null default '{}',
    enqueued bigint not null default 0
);
create index sweep_run_by_day on sweep_run (sweep, today);
