-- Named ones; else all that have the latest end.
update certificate_specialty s
set valid_until = $2
where s.certificate_id = $1
  and case when cardinality($3::text[]) > 0 then s.category = any ($3)
           else s.valid_until is not distinct from (select max(o.valid_until) from certificate_specialty o where o.certificate_id = $1)
      end
