"""What bookings were for: the inbox, categories, and the rules that file by themselves."""
