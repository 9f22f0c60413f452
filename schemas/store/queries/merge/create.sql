-- New certificates, each with the first event of its chain. Nobody has seen them yet: where the electronic one is asked for
-- and their holder has neither a portrait nor a lock, they wait for the photo from the start. The others that it is asked
-- for are returned, to be asked about one by one.
with fresh as materialized (
    select nextval(pg_get_serial_sequence('certificate', 'id')) as id, r.*, p.id as person, e.id as employer,
           case when r.legal_status = 'valid' and r.valid_until < $5 then 'expired' else r.legal_status end as status_today,
           r.request and p.portrait_photo_id is null
               and not exists (select from lock l where l.person_id = p.id and l.lifted_at is null) as waits_for_photo
    from intake_row r
    join person p on (p.id_number, p.id_kind) = (r.id_number, r.id_kind)
    left join employer e on (e.match_key, e.code) = (r.employer_key, coalesce(r.employer_code, ''))
    where r.batch_id = $1 and r.row_no > $6 and r.row_no <= $7
      and r.outcome in ('loaded', 'warned') and not r.superseded and r.number is not null and p.name = r.name
      and not exists (select from certificate c where (c.number, c.kind) = (r.number, $2))
), detailed as (
    select f.*, case when waits_for_photo then 'awaiting-photo' else 'paper' end as first_stage,
           jsonb_build_object('batch', f.batch_id, 'row', f.row_no)
               || case when waits_for_photo then '{"requested": true}'::jsonb else '{}' end as detail
    from fresh f
), staged as materialized (
    select *, event_hash('\x', id, 1, now(), $4, 'imported', status_today, first_stage, detail) as hash
    from detailed
), created as (
    insert into certificate (id, kind, number, number_printed, number_year, person_id, employer_id, category, duty,
                             first_issued_on, issued_on, issued_on_printed, valid_from, valid_until, legal_status, stage,
                             issue_requested, batch_id, delivered_as_of, event_seq, event_hash)
    overriding system value
    select id, $2, number, number_printed, number_year, person, employer, category, duty, first_issued_on, issued_on,
           issued_on_printed, valid_from, valid_until, status_today, first_stage, waits_for_photo, $1, $3, 1, hash
    from staged
), noted as (
    insert into certificate_event (certificate_id, seq, at, actor, event, legal_status, stage, detail, hash)
    select id, 1, now(), $4, 'imported', status_today, first_stage, detail, hash
    from staged
), specialised as (
    insert into certificate_specialty (certificate_id, position, category, valid_until)
    select f.id, s.position, s.item ->> 'category', (s.item ->> 'valid_until')::date
    from fresh f, jsonb_array_elements(f.specialties) with ordinality as s (item, position)
    where f.specialties is not null
)
select count(*) as "created!",
       coalesce(array_agg(id) filter (where request and not waits_for_photo), '{}') as "ask!: Vec<CertificateId>",
       coalesce(array_agg(person) filter (where waits_for_photo), '{}') as "wait!: Vec<PersonId>"
from fresh
