drop index certificate_batch;
create index certificate_batch on certificate (batch_id);
drop trigger batch_not_emptied on intake_batch;
drop trigger batch_not_lost on intake_batch;
alter table intake_row add constraint row_batch foreign key (batch_id) references intake_batch (id);
drop table intake_known;
