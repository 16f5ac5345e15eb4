"""Financial Manager: the household's money. So far it reads bank statements and books nothing (`statements`)."""
