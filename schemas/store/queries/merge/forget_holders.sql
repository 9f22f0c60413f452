-- Persons who were entered during the import of this batch and to whom nothing belongs.
delete from person p
using intake_batch b
where b.id = $1 and p.created_at >= b.registered_at
  and p.id in (select k.person_id from intake_known k where k.batch_id = $1)
  and p.portrait_photo_id is null
  and not exists (select from certificate c where c.person_id = p.id)
  and not exists (select from lock l where l.person_id = p.id)
  and not exists (select from photo f where f.person_id = p.id)
