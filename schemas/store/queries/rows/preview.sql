-- What rows would do to the register, as merging decides it, each with what the register says against it; nothing is written.
with r as (
    select * from jsonb_to_recordset($1) as r (place bigint, number text, number_printed text, category text, specialties jsonb, name text,
        id_kind text, id_number text, birth_date date, employer_key text, employer_code text, duty text, first_issued_on date,
        issued_on date, issued_on_printed text, valid_from date, valid_until date, legal_status text)
), beside as (
    select r.*, p.id as person, p.name as person_name, c.id as known, c.person_id as known_person, c.legal_status as known_status,
           greatest(c.delivered_as_of, c.decided_as_of + 1) as known_as_of,
           exists (select from person o where (o.birth_date, o.name) = (r.birth_date, r.name)
                                          and (o.id_number, o.id_kind) <> (r.id_number, r.id_kind)) as has_namesake,
           coalesce((c.number_printed, c.category, c.duty, c.first_issued_on, c.issued_on, c.issued_on_printed, c.valid_from, c.valid_until)
                    is not distinct from
                    (r.number_printed, coalesce(r.category, c.category), coalesce(r.duty, c.duty), coalesce(r.first_issued_on, c.first_issued_on),
                     coalesce(r.issued_on, case when r.issued_on_printed is null then c.issued_on end),
                     coalesce(r.issued_on_printed, case when r.issued_on is null then c.issued_on_printed end),
                     coalesce(r.valid_from, c.valid_from), coalesce(r.valid_until, c.valid_until))
                    and (r.employer_key is null
                         or ke.match_key is not distinct from r.employer_key
                            and ke.code = case when linked.codes = 1 then linked.code else coalesce(r.employer_code, '') end)
                    and (nullif(r.specialties, 'null') is null
                         or coalesce((select jsonb_agg(jsonb_build_object('category', s.category, 'valid_until', s.valid_until) order by s.position)
                                      from certificate_specialty s where s.certificate_id = c.id), '[]') = r.specialties), false) as same
    from r
    left join person p on (p.id_number, p.id_kind) = (r.id_number, r.id_kind)
    left join certificate c on (c.number, c.kind) = (r.number, $2)
    left join employer ke on ke.id = c.employer_id
    -- The unified code to which an import links an old code or none (case 45).
    left join lateral (
        select min(e.code) as code, count(*) as codes
        from employer e
        where e.match_key = r.employer_key and length(e.code) = 18
          and (coalesce(r.employer_code, '') = '' or length(r.employer_code) = 9 and substr(e.code, 9, 9) = r.employer_code)
    ) linked on true
)
select place as "place!",
       known is not null and known_person is distinct from person as "number_is_anothers!",
       coalesce(person_name <> name, false) as "has_other_name!",
       has_namesake and person_name is distinct from name as "has_namesake!",
       coalesce(person_name = name, false) as "is_known!",
       case
           when known is null then 'created'
           when known_as_of > $3 then case when not same or legal_status <> known_status then 'older' else 'unchanged' end
           when not same or legal_status <> known_status and (legal_status <> 'valid' or known_status = 'suspended') then 'updated'
           else 'unchanged'
       end as "fate!"
from beside
order by place
