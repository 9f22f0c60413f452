-- Signatures that cannot be made a second time, because their key signs with fresh randomness, as hardware modules do: stored before they
-- are used, the first one for good, so that every attempt at an order makes the same document.
create table order_signature (
    order_id bigint not null constraint signature_order references issue_order (id),
    part text not null constraint signature_part check (part in ('statement', 'document')),
    -- The text of the QR code, or the signature (CMS) of the document.
    signature bytea not null,
    at timestamptz not null default now(),
    constraint signature_once primary key (order_id, part)
);

create trigger signature_append_only before update or delete on order_signature
    for each statement execute function refuse_change();
create trigger signature_not_emptied before truncate on order_signature for each statement execute function refuse_change();
