drop table sweep_run;
drop table document;
drop table order_closure;
drop table issue_order;
drop sequence certificate_serial;
drop sequence status_index;
