"""Commands on customers, their accounts and the forms that create them."""
