"""After verification: the removal of certificates that servers no longer present."""
