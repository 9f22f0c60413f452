-- Persons that came with the batch and that nothing refers to any more; kept whole for the record.
with alone as (
    select p.*
    from person p
    join intake_batch b on b.id = $1
    where p.id in (select (u.content ->> 'person_id')::bigint from undone_record u where u.batch_id = $1 and u.sort = 'certificate')
      and p.created_at >= b.registered_at and p.portrait_photo_id is null
      and not exists (select from certificate c where c.person_id = p.id)
      and not exists (select from lock l where l.person_id = p.id)
      and not exists (select from photo f where f.person_id = p.id)
), kept as (
    insert into undone_record (batch_id, sort, id, content) select $1::bigint, 'person', id, to_jsonb(alone) from alone
)
delete from person p using alone where p.id = alone.id
