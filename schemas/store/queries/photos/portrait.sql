-- The newest approved photo is its holder's portrait; none where none is approved any more.
update person p set portrait_photo_id = newest.id
from (select person.id as person_id,
             (select max(f.id) from photo f where f.person_id = person.id and f.state = 'approved') as id
      from person where person.id = any ($1)) newest
where p.id = newest.person_id and p.portrait_photo_id is distinct from newest.id
