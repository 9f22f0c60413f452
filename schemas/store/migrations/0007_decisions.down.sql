alter table pending_business drop column number, drop column state, drop column batch_id, drop column row_no;
alter table lock drop column batch_id, drop column row_no;
drop table application;
drop table decision_effect;
drop table decision;
alter table certificate drop column decided_as_of;
alter table intake_row drop column fields, drop column turn;
