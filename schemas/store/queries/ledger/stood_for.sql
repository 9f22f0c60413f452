-- Of these dead jobs those for which something newer stands: an open job or a newer dead one of the same subject, or, for an import, another
-- delivery of the same content that runs, is finished, or is to be tried again in its place.
with mine as (
    select id, kind, subject, batch_id from job where id = any ($1) and state = 'dead' and subject is not null
)
select m.id from mine m
where exists (select from job o where o.kind = m.kind and o.subject = m.subject and o.state in ('waiting', 'running', 'retrying'))
   or exists (select from mine n where n.kind = m.kind and n.subject = m.subject and n.id > m.id)
   or exists (select from intake_batch b
              join intake_batch o on (o.sha256, o.shape, o.kind) = (b.sha256, b.shape, b.kind) and o.id <> b.id
              where m.subject = 'batch:' || b.id
                and (o.state in ('running', 'finished') or exists (select from mine n where n.subject = 'batch:' || o.id and n.id > m.id)))
order by m.id
