insert into issue_order (certificate_id, version, revision, snapshot, identifier, portrait_sha256, portrait_key,
                         template_version, template_sha256, fonts_sha256, profile_sha256, document_key_id, chain_sha256,
                         qr_key_id, qr_base, status_list, status_index, signing_time)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, nextval('status_index'), $17)
returning id as "id: OrderId", status_index
