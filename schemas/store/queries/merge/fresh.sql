-- Rows whose certificate the register does not know; the holder where it knows one, and whether something about the holder
-- stands between the certificate and its photo. A printed number or a delivered document that is as normalised is left out.
-- Read by COPY, in the order of `FreshRow::read`; $1 to $4 are written in as numbers and a date.
select r.row_no, r.number, nullif(r.number_printed, r.number), r.number_year, r.category, r.specialties,
       r.name, r.id_kind, r.id_number, nullif(r.id_original, r.id_number),
       r.sex, r.birth_date, r.phone, r.employer_key, coalesce(r.employer_code, ''), r.duty,
       r.first_issued_on, r.issued_on, r.issued_on_printed, r.valid_from, r.valid_until,
       case when r.legal_status = 'valid' and r.valid_until < $4 then 'expired' else r.legal_status end,
       -- What ran out since it was read is not asked for.
       r.request and not (r.legal_status = 'valid' and coalesce(r.valid_until < $4, false)), coalesce(r.locked, false), p.id,
       p.portrait_photo_id is not null
           or p.id is not null and exists (select from lock l where l.person_id = p.id and l.lifted_at is null)
from intake_row r
left join intake_known k on (k.batch_id, k.row_no) = (r.batch_id, r.row_no)
left join person p on p.id = k.person_id
left join certificate c on c.id = k.certificate_id
where r.batch_id = $1 and r.row_no > $2 and r.row_no <= $3
  and r.outcome in ('loaded', 'warned') and not r.superseded and r.number is not null
  and c.id is null and (p.id is null or p.name = r.name)
-- In the order of the largest index that they enter.
order by r.number
