"""Make small pictures of the previews, in sandboxed processes."""
