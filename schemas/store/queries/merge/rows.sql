-- Rows whose certificate is known, or whose holder is known under another name.
select r.row_no, r.name as "name!", r.valid_from, r.valid_until, r.first_issued_on, r.issued_on, r.number_year,
       r.legal_status as "legal_status!", coalesce(r.locked, false) as "locked!",
       p.id as "person?: PersonId", p.name as "person_name?",
       c.id as "known?: CertificateId", c.person_id as "known_person?: PersonId", c.legal_status as "known_status?",
       -- A decision wins over a register that was true on its day or before.
       greatest(c.delivered_as_of, c.decided_as_of + 1) as "known_as_of?",
       c.valid_until as "known_valid_until?",
       coalesce((c.number_printed, c.employer_id, c.category, c.duty, c.first_issued_on, c.issued_on, c.issued_on_printed,
                 c.valid_from, c.valid_until)
                is not distinct from
                -- What a delivery leaves empty, or has no column for, it does not change.
                (r.number_printed, coalesce(e.id, c.employer_id), coalesce(r.category, c.category), coalesce(r.duty, c.duty), coalesce(r.first_issued_on, c.first_issued_on),
                 coalesce(r.issued_on, case when r.issued_on_printed is null then c.issued_on end),
                 coalesce(r.issued_on_printed, case when r.issued_on is null then c.issued_on_printed end),
                 coalesce(r.valid_from, c.valid_from), coalesce(r.valid_until, c.valid_until))
                and (r.specialties is null
                     or coalesce((select jsonb_agg(jsonb_build_object('category', s.category, 'valid_until', s.valid_until) order by s.position)
                                  from certificate_specialty s where s.certificate_id = c.id), '[]') = r.specialties), false) as "same!"
from intake_known k
join intake_row r on (r.batch_id, r.row_no) = (k.batch_id, k.row_no)
left join person p on p.id = k.person_id
left join employer e on (e.match_key, e.code) = (r.employer_key, coalesce(r.employer_code, ''))
left join certificate c on c.id = k.certificate_id
where k.batch_id = $1 and k.row_no > $2 and k.row_no <= $3
  and r.outcome in ('loaded', 'warned') and not r.superseded and (c.id is not null or p.name <> r.name)
order by p.id, r.row_no
