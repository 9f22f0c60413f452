drop table order_signature;
