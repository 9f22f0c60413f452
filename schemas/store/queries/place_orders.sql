insert into issue_order (certificate_id, version, revision, snapshot, identifier, portrait_sha256, portrait_key,
                         template_version, template_sha256, fonts_sha256, profile_sha256, document_key_id, chain_sha256,
                         qr_key_id, qr_base, status_list, status_index, signing_time)
select * from unnest($1::bigint[], $2::integer[], $3::bigint[], $4::jsonb[], $5::text[], $6::bytea[], $7::text[],
                     $8::integer[], $9::bytea[], $10::bytea[], $11::bytea[], $12::text[], $13::bytea[],
                     $14::text[], $15::text[], $16::integer[], $17::bigint[], $18::timestamptz[])
returning id as "id: OrderId", certificate_id as "certificate: CertificateId"
