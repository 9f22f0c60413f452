-- New certificates as paper, each with the first event of its chain.
with wanted as (
    select * from unnest($5::bigint[], $6::text[]) as w (row_no, legal_status)
), fresh as (
    select nextval(pg_get_serial_sequence('certificate', 'id')) as id, r.*, w.legal_status as status_today,
           p.id as person, e.id as employer,
           jsonb_build_object('batch', r.batch_id, 'row', r.row_no) as detail
    from wanted w
    join intake_row r on r.batch_id = $1 and r.row_no = w.row_no
    join person p on (p.id_kind, p.id_number) = (r.id_kind, r.id_number)
    left join employer e on (e.match_key, e.code) = (r.employer_key, coalesce(r.employer_code, ''))
), created as (
    insert into certificate (id, kind, number, number_printed, number_year, person_id, employer_id, category, duty,
                             first_issued_on, issued_on, issued_on_printed, valid_from, valid_until, legal_status, stage,
                             batch_id, delivered_as_of, event_seq, event_hash)
    overriding system value
    select id, $2, number, number_printed, number_year, person, employer, category, duty, first_issued_on, issued_on,
           issued_on_printed, valid_from, valid_until, status_today, 'paper', $1, $3, 1,
           event_hash('\x', id, 1, now(), $4, 'imported', status_today, 'paper', detail)
    from fresh
    returning id, legal_status, stage, event_hash
), noted as (
    insert into certificate_event (certificate_id, seq, at, actor, event, legal_status, stage, detail, hash)
    select c.id, 1, now(), $4, 'imported', c.legal_status, c.stage, f.detail, c.event_hash
    from created c join fresh f using (id)
), specialised as (
    insert into certificate_specialty (certificate_id, position, category, valid_until)
    select f.id, s.position, s.item ->> 'category', (s.item ->> 'valid_until')::date
    from fresh f, jsonb_array_elements(f.specialties) with ordinality as s (item, position)
), marked as (
    update intake_row r set merged = true, certificate_id = f.id
    from fresh f where r.batch_id = $1 and r.row_no = f.row_no
)
select row_no, id as "id!: CertificateId" from fresh
