"""VOS applications: their tomcat certificates, and what a VVB must trust."""
