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
                (r.number_printed, e.id, r.category, r.duty, r.first_issued_on, r.issued_on, r.issued_on_printed,
                 r.valid_from, r.valid_until)
                and coalesce((select jsonb_agg(jsonb_build_object('category', s.category, 'valid_until', s.valid_until) order by s.position)
                              from certificate_specialty s where s.certificate_id = c.id), '[]')
                    = coalesce(r.specialties, '[]'), false) as "same!"
from intake_known k
join intake_row r on (r.batch_id, r.row_no) = (k.batch_id, k.row_no)
left join person p on p.id = k.person_id
left join employer e on (e.match_key, e.code) = (r.employer_key, coalesce(r.employer_code, ''))
left join certificate c on c.id = k.certificate_id
where k.batch_id = $1 and k.row_no > $2 and k.row_no <= $3
  and r.outcome in ('loaded', 'warned') and not r.superseded and (c.id is not null or p.name <> r.name)
order by p.id, r.row_no
