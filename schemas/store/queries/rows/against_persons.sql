-- Persons that a row may mean: of its document, and of its name and birth date.
select p.id as "id: PersonId", p.name, p.id_kind, p.id_number, (p.id_number, p.id_kind) = ($1, $2) as "same_document!",
       (select array_agg(c.number order by c.id) from certificate c where c.person_id = p.id) as "numbers?"
from person p
where (p.id_number, p.id_kind) = ($1, $2) or (p.birth_date = $4 and p.name = $3)
order by p.id
