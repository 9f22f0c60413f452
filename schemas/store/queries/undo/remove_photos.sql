-- Photos of the batch that nobody has reviewed; kept as rows for the record.
with gone as (
    select f.* from photo f
    where f.batch_id = $1 and not exists (select from photo_review r where r.photo_id = f.id)
), kept as (
    insert into undone_record (batch_id, sort, id, content) select $1::bigint, 'photo', id, to_jsonb(gone) from gone
)
delete from photo f using gone where f.id = gone.id
