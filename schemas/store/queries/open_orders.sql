select o.id as "id: OrderId", o.certificate_id as "certificate: CertificateId", o.version, o.revision, o.snapshot, o.identifier,
       o.portrait_sha256, o.portrait_key, o.template_version, o.template_sha256, o.fonts_sha256, o.profile_sha256,
       o.document_key_id, o.chain_sha256, o.qr_key_id, o.qr_base, o.status_list, o.status_index, o.signing_time
from issue_order o
where o.certificate_id = any ($1)
  and not exists (select from document d where d.order_id = o.id)
  and not exists (select from order_closure x where x.order_id = o.id)
order by o.certificate_id, o.version
