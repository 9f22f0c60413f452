-- The specialties of changed constructors' certificates, as the newest delivery has them.
with gone as (
    delete from certificate_specialty s
    using intake_row r, certificate c
    where r.specialties is not null and r.batch_id = $1 and r.row_no = any ($3) and c.kind = $2 and c.number = r.number and s.certificate_id = c.id
    returning s.certificate_id
)
select count(*) as "n!" from gone
