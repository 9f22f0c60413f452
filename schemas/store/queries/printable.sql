select c.id as "id: CertificateId", c.kind, c.number, c.category, c.duty, c.first_issued_on, c.issued_on, c.valid_from,
       c.valid_until, p.name as holder_name, p.id_kind, p.id_number, p.sex, p.birth_date, e.name as "employer_name?",
       (select jsonb_agg(jsonb_build_object('category', s.category, 'valid_until', s.valid_until) order by s.position)
        from certificate_specialty s where s.certificate_id = c.id) as specialties,
       f.portrait_sha256 as "portrait_sha256?", f.portrait_key as "portrait_key?",
       coalesce((select max(o.version) from issue_order o where o.certificate_id = c.id), 0) + 1 as "next_version!"
from certificate c
join person p on p.id = c.person_id
left join employer e on e.id = c.employer_id
left join photo f on f.id = p.portrait_photo_id
where c.id = any ($1)
order by c.id
