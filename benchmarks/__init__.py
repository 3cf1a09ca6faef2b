"""What is measured, and what is fitted from measurements."""
